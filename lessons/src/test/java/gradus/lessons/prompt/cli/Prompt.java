package gradus.lessons.prompt.cli;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/// Runs `gradus prompt` in this process.
///
/// @param failure what the command threw, or null
record Prompt(int code, String out, String err, Exception failure) {
    static Prompt run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Exception> failures = new ArrayList<>();
        CommandLine prompt = PromptCommand.commandLine(Console.of(out, err));
        prompt.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failures.add(thrown);
            return 1;
        });
        prompt.setParameterExceptionHandler((thrown, typed) -> {
            failures.add(thrown);
            return 2;
        });
        int code = prompt.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Prompt(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                failures.isEmpty() ? null : failures.getFirst());
    }
}
