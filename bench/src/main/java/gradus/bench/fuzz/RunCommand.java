package gradus.bench.fuzz;

import gradus.error.UsageException;
import gradus.train.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Runs a command of `gradus` within this process, as a reader of a run's folder.
final class RunCommand {
    private static final String INSIDE = "an error inside Gradus: ";

    private RunCommand() {}

    /// @throws UsageException   with the command's own message, where it refused
    /// @throws RuntimeException where it failed by something that is no refusal
    static void read(Path folder, String... arguments) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(messages, true, StandardCharsets.UTF_8);
        int code = Main.run(new PrintStream(OutputStream.nullOutputStream()), err, arguments);
        if (code != 0) {
            String text = messages.toString(StandardCharsets.UTF_8).strip();
            String last = text.substring(text.lastIndexOf('\n') + 1);
            String message = last.startsWith("gradus: ") ? last.substring("gradus: ".length()) : last;
            if (message.contains(INSIDE)) {
                String what = message.substring(message.indexOf(INSIDE) + INSIDE.length());
                throw new IllegalStateException(what.substring(0, Math.min(120, what.length())));
            }
            throw new UsageException(message);
        }
    }
}
