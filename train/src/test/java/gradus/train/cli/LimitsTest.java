package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.GradusException;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.AtomicFile;
import gradus.train.checkpoint.Manifest;
import gradus.train.run.RunLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the system does not give: each in a process of its own, whose limits are narrow.
@Timeout(120)
class LimitsTest {
    @TempDir
    Path folder;

    private String told(int code, ProcessBuilder builder) throws Exception {
        Path out = folder.resolve("out.txt");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            int ended = process.waitFor();
            String said = Files.readString(out);
            assertThat(ended).as(said).isEqualTo(code);
            assertThat(said).doesNotContain("\tat ");
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    private String[] training(String... more) throws Exception {
        return Cli.arguments(Cli.text(folder), folder.resolve("run"), more);
    }

    @Test
    void memoryOfTensorsEnds() throws Exception { // BAD-INPUT 189
        List<String> narrow = List.of("-Dorg.bytedeco.javacpp.maxBytes=64m");
        String[] large = training("--model.dim=2048");
        assertThat(told(1, Cli.process(narrow, "gradus.train.cli.Main", large)))
                .contains("gradus: off-heap memory exhausted", "of 67,108,864 are held", "raise the limit with");
    }

    /// Tensors that nobody holds any more do not count, even without a scope.
    @Test
    void memoryOfTensorsIsFoundAgain() throws Exception {
        assertThat(told(0, Cli.process(List.of("-Dorg.bytedeco.javacpp.maxBytes=64m"), Garbage.class.getName())))
                .contains("100 tensors of 4 MiB");
    }

    static final class Garbage {
        private Garbage() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 100; i++) {
                Tensor.zeros(1 << 20);
            }
            System.out.println("100 tensors of 4 MiB");
        }
    }

    @Test
    void theHeapIsFull() throws Exception { // BAD-INPUT 190: 72 MB of text cannot lie in a heap of 64 MiB
        Path text = Files.writeString(folder.resolve("large.txt"), "abcdefgh\n".repeat(8_000_000));
        String[] large = Cli.arguments(text, folder.resolve("run"));
        assertThat(told(1, Cli.process(List.of("-Xmx64m"), "gradus.train.cli.Main", large)))
                .contains("gradus: the Java heap is full", "limit 64 MiB", "-Xmx");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // which has no such limit
    void noFileCanBeOpened() throws Exception { // BAD-INPUT 199
        ProcessBuilder java = Cli.process(
                List.of("-XX:-MaxFDLimit"),
                NoFiles.class.getName(),
                folder.resolve("file").toString());
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh"));
        command.addAll(java.command());
        assertThat(told(0, new ProcessBuilder(command)).lines().filter(line -> line.contains("Too many open files")))
                .hasSize(3)
                .allMatch(line -> line.startsWith("ResourceException " + folder));
    }

    /// Opens all files that it may and then wants to write one more, to read one and to lock a folder.
    static final class NoFiles {
        private NoFiles() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            attempt(file); // so that every class is loaded, and with a file for a folder those of failures too
            attempt(file.resolve("not/there"));
            Files.writeString(file.resolveSibling("manifest.json"), "{}");
            List<InputStream> open = new ArrayList<>();
            try {
                while (open.size() < 1000) {
                    open.add(Files.newInputStream(file));
                }
            } catch (IOException noMore) {
                attempt(file);
            }
            for (InputStream stream : open) {
                stream.close();
            }
        }

        private static void attempt(Path file) {
            for (Runnable action : List.<Runnable>of(
                    () -> AtomicFile.write(file, channel -> channel.write(StandardCharsets.UTF_8.encode("{}"))),
                    () -> Manifest.verify(file.getParent(), List.of()),
                    () -> RunLock.take(file.getParent()).close())) {
                try {
                    action.run();
                } catch (GradusException refused) {
                    System.out.println(refused.getClass().getSimpleName() + " " + refused.getMessage());
                }
            }
        }
    }
}
