package gradus.lessons.retrieve.cli;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/// Runs `gradus rag` in this process.
///
/// @param failure what the command threw, or null
record Rag(int code, String out, String err, Exception failure) {
    static Rag run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Exception> failures = new ArrayList<>();
        CommandLine rag = RagCommand.commandLine(Console.of(out, err));
        rag.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failures.add(thrown);
            return 1;
        });
        int code = rag.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Rag(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                failures.isEmpty() ? null : failures.getFirst());
    }
}
