package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where results and messages end up, and what happens when they do not.
@Timeout(120)
class StreamsTest {
    @TempDir
    Path folder;

    private Path run() throws Exception {
        Path run = folder.resolve("run");
        Cli trained = Cli.train(Cli.text(folder), run);
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }

    /// Takes so many bytes and then fails.
    private static OutputStream failing(int after, String reason) {
        return new OutputStream() {
            private int taken;

            @Override
            public void write(int b) throws IOException {
                if (++taken > after) {
                    throw new IOException(reason);
                }
            }
        };
    }

    private static Cli into(OutputStream out, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(Console.of(out, err), signal -> {}, arguments);
        return new Cli(code, "", err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sample --run RUN --tokens 1000000",
                "sample --run RUN --beams 2",
                "eval --run RUN",
                "tokenizer encode --tokenizer RUN --file RUN/../text.txt",
                "tokenizer decode --tokenizer RUN 1 2 3",
                "tokenizer inspect --tokenizer RUN quick",
                "components",
                "--help",
                "train --help",
                "--version"
            })
    void r5_f15_aFullDiskFailsAndAClosedPipeDoesNot(String line) throws Exception {
        String[] command = line.replace("RUN", run().toString()).split(" ");
        into(failing(2, "No space left on device"), command)
                .assertOneLine(1, "gradus: standard output cannot be written: No space left on device");
        Cli closed = into(failing(2, "Broken pipe"), command);
        assertThat(closed).isEqualTo(new Cli(0, "", ""));
    }

    @Test
    void r5_f15_aFullDiskIsNoticedAfterATrainingToo() throws Exception {
        Path run = folder.resolve("run");
        Cli full = into(failing(2, "No space left on device"), Cli.arguments(Cli.text(folder), run));
        full.assertFailedAtLast("standard output cannot be written");
        assertThat(run.resolve("model.safetensors")).exists();
    }

    @Test
    void r5_f15_aDeviceThatIsFull() throws Exception {
        Path device = Path.of("/dev/full");
        assumeTrue(Files.exists(device), "there is no /dev/full");
        Path err = folder.resolve("err.txt");
        Process process = Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", "components")
                .redirectOutput(device.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(Files.readString(err)).contains("gradus: standard output cannot be written: ");
    }

    @ParameterizedTest
    @CsvSource({
        "train,--out",
        "train,--data",
        "train,--resume",
        "train,--tokenizer",
        "sample,--run",
        "eval,--run",
        "eval,--data",
        "export,--run",
        "export,--out",
        "tokenizer train,--out",
        "tokenizer train,--data",
        "tokenizer encode,--tokenizer",
        "tokenizer encode,--file",
        "tokenizer encode,--out",
        "tokenizer decode,--file",
        "tokenizer inspect,--file"
    })
    void r15_aFileWithoutANameIsRefused(String command, String option) throws Exception {
        for (String empty : List.of("", " ")) {
            List<String> line = new java.util.ArrayList<>(List.of(command.split(" ")));
            line.add(option + "=" + empty);
            for (String required : List.of("--run", "--format", "--tokenizer", "--out")) {
                boolean needed = command.equals("export") && required.matches("--run|--format")
                        || command.matches("sample|eval") && required.equals("--run")
                        || command.matches("tokenizer (en|de)code|tokenizer inspect") && required.equals("--tokenizer")
                        || command.equals("tokenizer train") && required.equals("--out");
                if (needed && !required.equals(option)) {
                    line.addAll(List.of(required, required.equals("--format") ? "hf" : "there"));
                }
            }
            Cli.run(line.toArray(String[]::new)).assertRefused(option + " is empty");
        }
        Cli.run("convert", "", "to").assertRefused("<from> is empty");
        Cli.run("convert", "from", "").assertRefused("<to> is empty");
    }

    @Test
    void r15_anOptionGivenTwiceIsRefused() {
        Cli.run("train", "--steps", "3", "--steps", "4").assertRefused("--train.steps is given 2 times");
        Cli.run("train", "--steps=3", "--train.steps", "4").assertRefused("--train.steps is given 2 times");
        Cli.run("train", "--model.layers=3", "--model.layers=3").assertRefused("--model.layers is given 2 times");
        Cli.run("train", "--model.norm=rmsnorm", "--model.norm=batchnorm").assertRefused("--model.norm");
        Cli.run("sample", "--run", "a", "--run", "b").assertRefused("--run");
        Cli.run("sample", "--run", "a", "--seed=1", "--seed=2").assertRefused("--seed");
        Cli.run("tokenizer", "encode", "--tokenizer", "a", "--threads", "1", "--threads", "2")
                .assertRefused("--threads");
    }

    @Test
    void r6_aTextThatBeginsWithAnAtSignIsText() throws Exception {
        Path named = Files.writeString(folder.resolve("arguments"), "--help");
        String run = run().toString();
        Cli said = Cli.run("sample", "--run", run, "--prompt", "@" + named, "--tokens", "1");
        said.assertRefused("--prompt", "'@'"); // which is no character of the vocabulary
        Path text = Files.writeString(folder.resolve("signs.txt"), "@media @@ @arguments\n".repeat(50));
        Path bytes = folder.resolve("bytes");
        assertThat(Cli.run("tokenizer", "train", "--kind", "byte", "--data", text.toString(), "--out", bytes.toString())
                        .code())
                .isZero();
        assertThat(Cli.run("tokenizer", "encode", "--tokenizer", bytes.toString(), "@" + named)
                        .out())
                .startsWith("64 "); // BPE's id of the byte @ here
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "257", "1000000", "2147483647"})
    void r10_noMoreThreadsThanHelp(String threads) {
        Cli.run("tokenizer", "encode", "--tokenizer", "a", "--threads", threads, "b")
                .assertRefused("--threads must be 1 to 256");
        Cli.run("tokenizer", "train", "--out", "a", "--threads", threads).assertRefused("--threads must be 1 to 256");
    }

    /// Each byte of a text is an argument under a locale that knows ASCII only, or that is not installed.
    @ParameterizedTest
    @ValueSource(strings = {"C", "xx_XX.UTF-8"})
    void r3_textIsTheSameUnderEveryLocale(String locale) throws Exception {
        Path bytes = folder.resolve("bytes");
        assertThat(Cli.run(
                                "tokenizer",
                                "train",
                                "--kind",
                                "byte",
                                "--data",
                                Cli.text(folder).toString(),
                                "--out",
                                bytes.toString())
                        .code())
                .isZero();
        String text = "é 空 ? 🦊";
        ProcessBuilder builder = Cli.process(
                        PseudoTerminal.QUICK_START,
                        "gradus.train.cli.Main",
                        "tokenizer",
                        "encode",
                        "--tokenizer",
                        bytes.toString(),
                        text)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", locale);
        assumeTrue(Files.exists(Path.of("/proc/self/cmdline")), "only Linux keeps the bytes of a command line");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(out)
                .isEqualTo(Cli.run("tokenizer", "encode", "--tokenizer", bytes.toString(), text)
                        .out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample --run", "train --data", "tokenizer encode --tokenizer", "eval --run"})
    void r3_aFilesNameThatTheLocaleCannotHoldIsRefused(String command) throws Exception {
        ProcessBuilder builder =
                Cli.process(PseudoTerminal.QUICK_START, "gradus.train.cli.Main", (command + " größe").split(" "));
        builder.environment().put("LC_ALL", "C");
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(!System.getProperty("os.name").startsWith("Mac"), "macOS takes every name for UTF-8");
        assertThat(process.waitFor()).as(err).isEqualTo(2);
        assertThat(err)
                .contains("'größe' cannot be the name of a file under this locale")
                .doesNotContain("\tat ");
    }

    @Test
    void f17_foldersThatCannotBeWrittenTakeOneLine() throws Exception {
        List<String> nowhere = List.of("-Duser.home=/proc/nowhere", "-Djava.io.tmpdir=/proc/nowhere");
        assumeTrue(Files.isDirectory(Path.of("/proc")), "there is no /proc");
        String said = failed(nowhere);
        assertThat(said).contains("gradus: ND4J finds no folder to unpack its libraries in", "cachedir=");
    }

    @Test
    void r15_aHeapTooSmallForND4JTakesOneLine() throws Exception {
        assertThat(failed(List.of("-Xmx8m"))).contains("gradus: the Java heap is full", "-Xmx8g");
    }

    private String failed(List<String> options) throws Exception {
        ProcessBuilder builder =
                Cli.process(options, "gradus.train.cli.Main", Cli.arguments(Cli.text(folder), folder.resolve("run")));
        builder.environment().put("HOME", "/proc/nowhere");
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(err).isEqualTo(1);
        assertThat(err).doesNotContain("\tat ", "Exception");
        assertThat(err.lines().filter(line -> line.startsWith("gradus: "))).hasSize(1);
        return err;
    }
}
