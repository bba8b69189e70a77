package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.memory.BufferPool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sizes that nobody has memory for, in a run's config.json and on the command line: refused, naming the file or the
/// setting, before anything is made of them.
class HugeRunsTest {
    @TempDir
    private static Path folder;

    private static Path run;
    private static String config;

    private static String gradus(int expected, String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        int code = Main.run(new PrintStream(new ByteArrayOutputStream()), messages, arguments);
        assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(expected);
        return err.toString(StandardCharsets.UTF_8);
    }

    @BeforeAll
    static void train() throws IOException {
        Path data = Files.writeString(folder.resolve("data.txt"), "the whale lives in the sea\n".repeat(40));
        run = folder.resolve("run");
        gradus(
                0,
                "train",
                "--data",
                data.toString(),
                "--out",
                run.toString(),
                "--steps=1",
                "--train.warmup=1",
                "--train.batchSize=2",
                "--model.layers=1",
                "--model.heads=2",
                "--model.dim=8",
                "--model.context=8");
        config = Files.readString(run.resolve("config.json"));
    }

    @ParameterizedTest
    @CsvSource({
        "layers, 2000000",
        "layers, 2147483647",
        "vocabSize, 2147483647",
        "context, 2147483647",
        "dim, 2147483646",
    })
    void r4_aConfigOfHugeSizesIsRefusedAtOnce(String field, String value) throws IOException {
        String huge = config.replaceFirst("\"" + field + "\" *: *\\d+", "\"" + field + "\" : " + value);
        assertThat(huge).isNotEqualTo(config);
        Files.writeString(run.resolve("config.json"), huge);
        long before = BufferPool.statistics().bytesHeld();
        assertThat(gradus(1, "sample", "--run", run.toString(), "--tokens", "1"))
                .contains(run.toString());
        assertThat(BufferPool.statistics().bytesHeld() - before).isLessThan(1 << 20);
    }

    /// No model has them: the message must name the file, also where the run is to go on.
    @ParameterizedTest
    @CsvSource({"sample --run, context, -1", "train --resume, context, -1", "train --resume, hidden, -1"})
    void r4_impossibleSizesAreTheFaultOfTheFile(String command, String field, String value) throws IOException {
        Files.writeString(
                run.resolve("config.json"),
                config.replaceFirst("\"" + field + "\" *: *\\d+", "\"" + field + "\" : " + value));
        String[] words = command.split(" ");
        assertThat(gradus(1, words[0], words[1], run.toString()))
                .contains(run.resolve("config.json").toString(), value);
    }

    /// What is no description of a file is refused, not met later as a null.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "3",
                "{}",
                "{\"path\": null, \"bytes\": 1, \"sha256\": \"0\"}",
                "{\"path\": \"x\", \"bytes\": 1}"
            })
    void r4_damagedFactsOfFilesAreTheFaultOfTheFile(String facts) throws IOException {
        int from = config.indexOf("\"files\"");
        int open = config.indexOf('[', from);
        int close = config.indexOf(']', open);
        Files.writeString(run.resolve("config.json"), config.substring(0, open + 1) + facts + config.substring(close));
        for (String[] words : new String[][] {{"train", "--resume"}, {"sample", "--run"}}) {
            assertThat(gradus(1, words[0], words[1], run.toString()))
                    .contains(run.resolve("config.json").toString(), "data.files[0]");
        }
    }

    @Test
    void r4_hugeNumbersOfBlocksOnTheCommandLine() {
        Path data = folder.resolve("data.txt");
        for (String layers : new String[] {"2000000", "2147483647"}) {
            assertThat(gradus(
                            2,
                            "train",
                            "--data",
                            data.toString(),
                            "--out",
                            folder.resolve("never").toString(),
                            "--model.layers=" + layers))
                    .contains("layers", layers);
        }
        assertThat(folder.resolve("never")).doesNotExist();
    }
}
