package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Command lines that cannot be carried out: exit code 2, one line on stderr, no stack trace.
class CommandLineErrorsTest {
    @TempDir
    Path folder;

    @Test
    void unknownFlag() { // BAD-INPUT 165
        Cli.run("train", "--stepz", "3").assertRefused("--stepz", "--steps");
        Cli.run("train", "--quux").assertRefused("unknown option --quux (see");
        Cli.run("tarin").assertRefused("tarin", "did you mean train?");
        Cli.run().assertRefused("missing command");
    }

    @Test
    void missingValue() { // BAD-INPUT 166
        Cli.run("train", "--steps").assertRefused("--train.steps");
        Cli.run("sample").assertRefused("--run");
    }

    @Command(name = "either")
    private static final class Either {
        private static final class One {
            @Option(names = "--a")
            private String a;

            @Option(names = "--b")
            private String b;
        }

        @ArgGroup(multiplicity = "1")
        private One one;
    }

    /// Picocli begins what it says of groups by "Error:"; ours begins by the program's name alone.
    @Test
    void oneOfSeveral() {
        for (String[] each : new String[][] {{}, {"--a=1", "--b=2"}}) {
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int code = new CommandLine(new Either())
                    .setParameterExceptionHandler(new Errors(Console.of(OutputStream.nullOutputStream(), said)))
                    .execute(each);
            assertThat(code).isEqualTo(2);
            assertThat(said.toString(StandardCharsets.UTF_8))
                    .startsWith("gradus: ")
                    .contains("--a=<a>")
                    .endsWith("(see either --help)\n")
                    .doesNotContain("Error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "0", "-1e-3", "Infinity"})
    void learningRate(String rate) { // BAD-INPUT 167
        Cli.run("train", "--train.lr=" + rate).assertRefused("lr must be a number above 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "99999999999999999999", "1.5", "many"})
    void stepsOverflow(String steps) { // BAD-INPUT 168
        Cli.run("train", "--steps", steps).assertRefused("steps", steps, "is not an int");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void tooFewSteps(String steps) {
        Cli.run("train", "--steps", steps).assertRefused("steps must be at least 1", steps);
    }

    @Test
    void unknownConfigurationKey() { // BAD-INPUT 169
        Cli.run("train", "--model.layrs=6").assertRefused("--model.layrs", "did you mean --model.layers?");
        Cli.run("train", "--train.learningRate=1").assertRefused("--train.learningRate");
    }

    @Test
    void valuesOutOfRange() { // BAD-INPUT 21, 24, 25, 98, 188
        Cli.run("train", "--model.dim=30").assertRefused("dim=30, heads=4");
        Cli.run("train", "--model.layers=0").assertRefused("layers");
        Cli.run("train", "--model.dropout=1").assertRefused("dropout");
        Cli.run("train", "--train.batchSize=0").assertRefused("batchSize");
        Cli.run("train", "--steps=10", "--train.warmup=11").assertRefused("warmup=11, steps=10");
        Cli.run("train", "--preset", "huge").assertRefused("huge", "char-small");
    }

    @Test
    void outputIsAFile() throws Exception { // BAD-INPUT 171
        Path data = Cli.text(folder);
        Cli.train(data, data).assertRefused("is a file");
        Cli.train(data, data.resolve("run")).assertRefused("cannot be written to");
    }

    @Test
    void outputIsNotEmpty() throws Exception {
        Path data = Cli.text(folder);
        Cli.train(data, folder).assertRefused("not empty", "--overwrite");
        Cli.train(data, folder, "--overwrite").assertRefused("holds no run");
        assertThat(data).exists();
    }

    @Test
    void outputIsReadOnly() throws Exception { // BAD-INPUT 172
        Path data = Cli.text(folder);
        Path closed = Files.createDirectory(folder.resolve("closed"));
        closed.toFile().setWritable(false);
        // The administrator may write anywhere but there.
        Path out = Files.isWritable(closed) ? Path.of("/proc/gradus") : closed.resolve("run");
        Cli.train(data, out).assertRefused("cannot be written to");
    }

    @Test
    void samplingOutOfRange() throws Exception {
        Path run = run();
        Cli.run("sample", "--run", run.toString(), "--temperature=-0.1")
                .assertRefused("temperature", "0 is greedy"); // BAD-INPUT 173
        for (String bad : List.of("--topP=0", "--topP=1.1", "--topP=NaN", "--topK=-1", "--minP=2")) { // BAD-INPUT 174
            Cli.run("sample", "--run", run.toString(), bad).assertRefused(bad.substring(2, 6));
        }
        Cli.run("sample", "--run", run.toString(), "--count=0").assertRefused("--count");
        Cli.run("sample", "--run", run.toString(), "--tokens=-1").assertRefused("--tokens");
    }

    @Test
    void promptTooLong() throws Exception { // BAD-INPUT 175
        Path run = run();
        Cli.run("sample", "--run", run.toString(), "--prompt", "the quick").assertRefused("9 tokens", "at most 8");
        Cli.run("sample", "--run", run.toString(), "--prompt", "X").assertRefused("X", "vocabulary");
    }

    @Test
    void readerGoesAway() throws Exception { // BAD-INPUT 176
        OutputStream pipe = new OutputStream() {
            private int taken;

            @Override
            public void write(int b) throws IOException {
                if (++taken > 20) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = Console.of(pipe, err);
        int code = Main.run(console, signal -> {}, "sample", "--run", run().toString(), "--tokens=1000000000");
        assertThat(code).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void localeDoesNotMatter() throws Exception { // BAD-INPUT 177
        Path run = run();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "gradus.train.cli.Main",
                        "sample",
                        "--run",
                        run.toString(),
                        "--temperature=3",
                        "--topK=0",
                        "--topP=1")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(text).contains("ö").doesNotContain("\uFFFD", "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpus", "GPU", "gpu:", "gpu:x", "gpu:-1", "gpu:12345", "cuda", "host"})
    void noSuchDevice(String device) {
        for (String command : List.of("train", "sample", "eval")) {
            List<String> line = new ArrayList<>(List.of(command, "--device=" + device));
            if (!command.equals("train")) {
                line.add("--run=nowhere");
            }
            Cli.run(line.toArray(String[]::new))
                    .assertRefused("--device must be auto, cpu, gpu, or gpu:1", device.isEmpty() ? "empty" : device);
        }
    }

    @Test
    void noSuchPrecision() {
        Cli.run("train", "--precision=bf16").assertRefused("--precision must be float32 or tf32; got bf16");
        Cli.run("train", "--device=cpu", "--precision=tf32")
                .assertRefused("--precision tf32 needs a GPU", "8.0", "computes on the CPU");
    }

    @Test
    void noGpu() throws Exception { // BAD-INPUT 178
        Path data = Cli.text(folder);
        Path out = folder.resolve("no-gpu");
        System.setProperty("gradus.cuda.driver", "/nowhere/libcuda.so.1");
        try {
            Cli.train(data, out, "--device=gpu:9")
                    .assertOneLine(1, "no NVIDIA driver", "/nowhere/libcuda.so.1", "compute on the CPU");
            assertThat(out).doesNotExist();
            Cli.train(data, out, "--precision=tf32").assertRefused("computes on the CPU");
            assertThat(out).doesNotExist();
            Cli trained = Cli.train(data, out, "--device=auto");
            assertThat(trained.code()).as(trained.err()).isZero();
            assertThat(trained.err()).contains("parameters; vector kernels\n");
        } finally {
            System.clearProperty("gradus.cuda.driver");
        }
    }

    private Path run() throws Exception {
        Path run = folder.resolve("run");
        Cli trained = Cli.train(Cli.text(folder), run);
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }
}
