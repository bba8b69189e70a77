package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the command line in this process and keeps what it said.
public record Cli(int code, String out, String err) {

    public static Cli run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Console.of(out, err);
        int code = Main.run(
                console,
                signal -> {
                    throw new AssertionError("quit at once");
                },
                arguments);
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// A program of this class path in a process of its own.
    static ProcessBuilder process(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(main);
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /// A training of a moment.
    static Cli train(Path data, Path out, String... more) {
        return run(arguments(data, out, more));
    }

    public static String[] arguments(Path data, Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--model.layers=1",
                "--model.heads=2",
                "--model.dim=16",
                "--model.context=8",
                "--train.batchSize=2",
                "--train.evalEvery=2",
                "--train.evalBatches=2"));
        for (String given : more) { // in place of the usual one
            String option = given.replaceFirst("=.*", "=");
            arguments.removeIf(usual -> option.endsWith("=") && usual.startsWith(option));
        }
        arguments.addAll(List.of(more));
        if (!arguments.contains("--steps")) {
            arguments.addAll(List.of("--steps", "4"));
        }
        return arguments.toArray(String[]::new);
    }

    /// Some text, with letters beyond ASCII in it.
    public static Path text(Path folder) throws Exception {
        return Files.writeString(folder.resolve("text.txt"), "Größe zählt: the quick brown fox – 狐 🦊\n".repeat(40));
    }

    /// What every refused command line looks like: exit code 2 and one line.
    public void assertRefused(String... parts) {
        assertOneLine(2, parts);
    }

    public void assertOneLine(int expected, String... parts) {
        assertToldInOneLine(expected, parts);
        assertThat(out).isEmpty();
    }

    /// What a command says that fails on the way, when some output is out.
    public void assertFailed(String... parts) {
        assertToldInOneLine(1, parts);
    }

    /// What a command says at last that fails after other messages.
    void assertFailedAtLast(String... parts) {
        assertThat(err.lines().toList().getLast()).startsWith("gradus: ").contains(parts);
        assertThat(err).doesNotContain("\tat ", "Exception");
        assertThat(code).isEqualTo(1);
    }

    private void assertToldInOneLine(int expected, String... parts) {
        assertThat(err).startsWith("gradus: ").contains(parts).doesNotContain("\tat ", "Exception");
        assertThat(err.lines()).hasSize(1);
        assertThat(code).isEqualTo(expected);
    }
}
