package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Start;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StartTest {
    private static final GptConfig SIZE = new GptConfig(200, 64, 8, 4, 64, 0);

    private static double deviation(Tensor tensor) {
        double[] values = tensor.toArray();
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum() / values.length);
    }

    /// 0.02 for every matrix and table, 0.02/√(2·8) = 0.005 for those that end a branch. The deviation of n normal
    /// numbers strays by σ/√(2n) from σ; 6 such are allowed, with fixed numbers.
    @Test
    void t2_gpt2sOwnStart() {
        Gpt gpt = new Gpt(SIZE.withStart(Start.GPT2), Rng.of(1));
        gpt.namedParameters().forEach((name, parameter) -> {
            if (parameter.rank() == 2) {
                double sigma = name.endsWith("c_proj.weight") ? 0.005 : 0.02;
                assertThat(deviation(parameter))
                        .as(name)
                        .isCloseTo(sigma, within(6 * sigma / Math.sqrt(2.0 * parameter.size())));
            } else if (name.endsWith("bias")) {
                assertThat(parameter.toArray()).containsOnly(0);
            }
        });
    }

    /// √(2/(5·64)) = 0.0791 by the width; /4 at the end of a branch. Tables keep 0.02.
    @Test
    void theUsualStartFollowsTheWidth() {
        assertThat(SIZE.start()).isEqualTo(Start.SMALL);
        Gpt gpt = new Gpt(SIZE, Rng.of(1));
        assertThat(deviation(gpt.namedParameters().get("h.0.mlp.c_fc.weight"))).isCloseTo(0.0791, within(0.003));
        assertThat(deviation(gpt.namedParameters().get("h.7.mlp.c_proj.weight")))
                .isCloseTo(0.0198, within(0.001));
        assertThat(deviation(gpt.namedParameters().get("wte.weight"))).isCloseTo(0.02, within(0.001));
    }
}
