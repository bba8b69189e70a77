package gradus.train.run.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import gradus.train.run.compare.MetricsFile.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    private static final String STEP =
            "{\"step\":1,\"loss\":2.5,\"lr\":1.0E-4,\"gradNorm\":0.8,\"tokens\":64,\"reward\":0.25,"
                    + "\"time\":\"2026-01-02T03:04:05.678Z\"}\n";
    private static final String EVALUATION =
            "{\"step\":1,\"validationLoss\":2.25,\"bitsPerByte\":3.1,\"whole\":true,\"tokens\":64,\"time\":\"x\"}\n";

    @TempDir
    Path folder;

    private MetricsFile read(String text) throws Exception {
        return MetricsFile.read(Files.writeString(folder.resolve("metrics.jsonl"), text));
    }

    @Test
    void everyNumberOfEveryLineIsThere() throws Exception {
        MetricsFile metrics = read(STEP + EVALUATION + STEP.replace("\"step\":1", "\"step\":2"));
        assertThat(metrics.faults()).isEmpty();
        assertThat(metrics.steps()).extracting(Row::step).containsExactly(1, 2);
        Row step = metrics.steps().getFirst();
        assertThat(step.numbers().keySet()).containsExactly("loss", "lr", "gradNorm", "tokens", "reward");
        assertThat(step.number("loss")).isEqualTo(2.5);
        assertThat(step.number("lr")).isEqualTo(1e-4);
        assertThat(step.number("reward")).isEqualTo(0.25);
        assertThat(step.number("kl")).isNaN();
        assertThat(step.tokens()).hasValue(64);
        assertThat(step.time())
                .hasValue(Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli());
        Row evaluation = metrics.evaluations().getFirst();
        assertThat(evaluation.number("validationLoss")).isEqualTo(2.25);
        assertThat(evaluation.whole()).isTrue();
        assertThat(evaluation.time()).isEmpty();
    }

    @Test
    void numbersThatAreNotFiniteAreNumbers() throws Exception {
        MetricsFile metrics = read(STEP.replace("2.5", "\"NaN\"").replace("0.8", "\"-Infinity\""));
        assertThat(metrics.steps().getFirst().number("loss")).isNaN();
        assertThat(metrics.steps().getFirst().number("gradNorm")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /// Wherever the file ends, all whole lines are read, and a fault is told only if something is left over.
    @Test
    void aFileCutAnywhereKeepsItsWholeLines() throws Exception {
        String text = STEP + EVALUATION + STEP;
        for (int end : IntStream.rangeClosed(0, text.length()).toArray()) {
            String cut = text.substring(0, end);
            MetricsFile metrics = read(cut);
            // A line that lacks nothing but its end is whole.
            long whole = cut.lines().filter(line -> line.endsWith("}")).count();
            assertThat(metrics.steps().size() + metrics.evaluations().size())
                    .as("cut at %s", end)
                    .isEqualTo((int) whole);
            assertThat(metrics.faults()).hasSize(cut.lines().count() == whole ? 0 : 1);
        }
        assertThat(read(STEP + "{\"step\":2,\"lo").faults().getFirst())
                .contains("metrics.jsonl:2", "the last line is cut");
    }

    @Test
    void whatOthersWroteIsLeftOutAndTold() throws Exception {
        MetricsFile metrics = read("hello\n" + STEP + "[1]\n\n{\"step\":\"x\",\"loss\":1}\n" + EVALUATION);
        assertThat(metrics.steps()).hasSize(1);
        assertThat(metrics.evaluations()).hasSize(1);
        assertThat(metrics.faults()).hasSize(1);
        assertThat(metrics.faults().getFirst()).contains("metrics.jsonl:1", "3 such lines are left out");
    }

    @Test
    void bytesThatAreNoTextAreOneForeignLine() throws Exception {
        byte[] bytes = new byte[200];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (200 + i % 50);
        }
        Path file = Files.write(folder.resolve("bytes.jsonl"), bytes);
        assertThat(MetricsFile.read(file).faults()).hasSize(1);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> MetricsFile.read(folder.resolve("none.jsonl")))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("none.jsonl");
    }
}
