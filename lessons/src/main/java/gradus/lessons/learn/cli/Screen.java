package gradus.lessons.learn.cli;

import gradus.lessons.learn.grade.Verdict;
import gradus.train.cli.terminal.Console;

/// Puts sentences on the screen, in colours where it shows them.
final class Screen {
    private static final String GREEN = "32";
    private static final String RED = "31";
    private static final String BOLD = "1";
    private static final String FAINT = "2";

    private final Console console;

    Screen(Console console) {
        this.console = console;
    }

    void line(String text) {
        console.out().println(text);
    }

    void line() {
        console.out().println();
    }

    void heading(String text) {
        colored(BOLD, text);
    }

    void faint(String text) {
        colored(FAINT, text);
    }

    /// A message that is no result.
    void message(String text) {
        console.err().println("gradus: " + text);
    }

    void verdict(Verdict verdict) {
        switch (verdict.kind()) {
            case PASSED -> colored(GREEN, "right: " + verdict.sentence());
            case UNWRITTEN -> line(verdict.sentence());
            default -> colored(RED, "not yet: " + verdict.sentence());
        }
        if (verdict.kind() != Verdict.Kind.UNWRITTEN) {
            verdict.details().forEach(each -> line("  " + each));
        }
    }

    /// The colours are this program's, the text may be anybody's.
    private void colored(String color, String text) {
        if (console.colors()) {
            console.raw().print("\u001b[" + color + "m");
            console.out().print(text);
            console.raw().println("\u001b[0m");
        } else {
            line(text);
        }
    }
}
