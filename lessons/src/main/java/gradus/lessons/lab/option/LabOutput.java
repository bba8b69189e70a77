package gradus.lessons.lab.option;

import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// Where an experiment leaves what it finds: a folder, and the terminal.
public final class LabOutput {
    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "where everything is kept")
    private Path out;

    private final Console console;

    public LabOutput(Console console) {
        this.console = console;
    }

    /// The folder, which is made where it is missing.
    ///
    /// @throws gradus.error.ResourceException if it cannot be made
    public LabFolder folder() {
        return new LabFolder(out);
    }

    /// Its path alone.
    public Path path() {
        return out;
    }

    /// Tells how it goes.
    public void say(String line) {
        console.err().println(line);
    }

    /// Tells what a part expects, before it is measured.
    ///
    /// @param part       such as `cot: chain of thought`
    /// @param prediction as its section of the report has it
    public void predict(String part, String prediction) {
        say(part);
        say("  expected: " + prediction.strip().replace("**", "").replace('\n', ' '));
    }

    /// Keeps tables in the folder's `table.md`. An experiment of several tables does so after each: what is
    /// found is not lost if a later part fails.
    ///
    /// @throws gradus.error.ResourceException if it cannot be written
    public void keep(String tables) {
        folder().write("table.md", tables);
    }

    /// Keeps the tables and prints them.
    ///
    /// @throws gradus.error.ResourceException if they cannot be written
    public void finish(String tables) {
        keep(tables);
        print(tables);
    }

    /// Prints a text and keeps nothing.
    public void print(String text) {
        console.out().print(text);
    }
}
