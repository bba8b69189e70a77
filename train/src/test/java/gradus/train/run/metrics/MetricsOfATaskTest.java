package gradus.train.run.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.StepReport;
import gradus.train.run.text.BitsPerByte;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a task measures besides its loss stands in metrics.jsonl, in the line of the step.
class MetricsOfATaskTest {
    @TempDir
    Path folder;

    @Test
    void numbersOfATaskStandInTheLineOfTheStep() throws Exception {
        SequencedMap<String, Double> own = new LinkedHashMap<>();
        own.put("reward", 0.25);
        own.put("completions/mean_length", 4.5);
        Path file = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(file, BitsPerByte.UNKNOWN, 0)) {
            metrics.goOn(Optional.empty());
            metrics.onStep(new StepReport(1, 2.5, 1e-3, 0.5, 100, false, own));
            metrics.onStep(new StepReport(2, 2.25, 1e-3, 0.5, 100, false, new LinkedHashMap<>()));
        }
        JsonMapper json = new JsonMapper();
        JsonNode first = json.readTree(Files.readAllLines(file).get(0));
        assertThat(first.path("loss").asDouble()).isEqualTo(2.5);
        assertThat(first.path("reward").asDouble()).isEqualTo(0.25);
        assertThat(first.path("completions/mean_length").asDouble()).isEqualTo(4.5);
        assertThat(json.readTree(Files.readAllLines(file).get(1)).has("reward")).isFalse();
    }
}
