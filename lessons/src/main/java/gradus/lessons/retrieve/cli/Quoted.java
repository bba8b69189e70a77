package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.train.cli.terminal.Console;

/// A text of somebody else on the terminal: each line behind a bar, nothing in it that the terminal would obey.
final class Quoted {
    private Quoted() {}

    static void print(Console console, String text) {
        text.lines().forEach(line -> console.out().println("   | " + Printable.escaped(line)));
    }
}
