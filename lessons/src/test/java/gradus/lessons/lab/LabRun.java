package gradus.lessons.lab;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/// What became of `gradus lab` with some arguments.
///
/// @param code    the exit status; 1 where it failed
/// @param printed its output
/// @param told    what it told of its progress
/// @param failure what it failed with, or null
public record LabRun(int code, String printed, String told, Exception failure) {

    public static LabRun of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Exception> failures = new ArrayList<>();
        CommandLine lab = LabCommand.commandLine(Console.of(out, err));
        lab.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failures.add(thrown);
            return 1;
        });
        int code = lab.execute(arguments);
        return new LabRun(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                failures.isEmpty() ? null : failures.getFirst());
    }
}
