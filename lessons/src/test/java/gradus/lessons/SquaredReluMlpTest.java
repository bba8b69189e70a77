package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.task.Split;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SquaredReluMlpTest {

    // --- its proof
    @Test
    void gradients() {
        var mlp = new SquaredReluMlp(4, 8, Rng.of(1));
        mlp.to(DType.FLOAT64);
        Tensor x = Tensor.randn(Rng.of(2), 3, 4).to(DType.FLOAT64).requireGrad();
        Map<String, Tensor> all = new LinkedHashMap<>(mlp.namedParameters());
        all.put("x", x);
        GradientCheck.of(() -> mlp.forward(x), all).requirePass();
    }
    // ---

    @Test
    void trainsInAModel() {
        GptConfig shape = new GptConfig(5, 4, 1, 2, 8, 0);
        // --- in a model
        GptConfig own = shape.withFeedForward((dim, rng) -> new SquaredReluMlp(dim, 4 * dim, rng));
        Gpt gpt = new Gpt(own, Rng.of(1));
        // ---
        Split data = new Split(new int[] {0, 1, 2, 3, 4, 0, 1, 2, 3, 4}, new int[0]);
        TrainConfig config = TrainConfig.defaults().withWarmup(0).withSteps(2);
        assertThat(Trainer.of(gpt, config, data).run().steps()).isEqualTo(2);
        assertThat(gpt.namedParameters()).containsKey("h.0.mlp.up.weight");
    }

    @Test
    void theReadmeShowsThisLayerAndItsProof() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        assertThat(readme)
                .contains(part("main/java/gradus/lessons/SquaredReluMlp.java", "// --- a layer\n", "// ---"))
                .contains(part(
                        "test/java/gradus/lessons/SquaredReluMlpTest.java", "    // --- its proof\n", "    // ---\n"))
                .contains(part(
                        "test/java/gradus/lessons/SquaredReluMlpTest.java",
                        "        // --- in a model\n",
                        "        // ---\n"));
    }

    private static String part(String file, String start, String end) throws Exception {
        String source = Files.readString(Path.of("src/" + file));
        int from = source.indexOf(start) + start.length();
        return "```java\n"
                + source.substring(from, source.indexOf("\n" + end, from)).stripIndent() + "\n```\n";
    }
}
