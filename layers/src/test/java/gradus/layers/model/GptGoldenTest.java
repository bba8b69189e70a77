package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The whole model against torch 2.13: gpt_golden.py, beside the numbers, says the same model in PyTorch's
/// functions.
class GptGoldenTest {
    private final Gpt gpt = new Gpt(new GptConfig(11, 6, 2, 3, 12, 0), Rng.of(1));

    private static Map<String, double[]> golden() throws IOException {
        Map<String, double[]> numbers = new LinkedHashMap<>();
        try (InputStream file = GptGoldenTest.class.getResourceAsStream("gpt_golden.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                String[] words = line.split(" ");
                numbers.put(
                        words[0],
                        Arrays.stream(words)
                                .skip(1)
                                .mapToDouble(Double::parseDouble)
                                .toArray());
            }
        }
        return numbers;
    }

    /// Element i of parameter number p is 0.3·sin(1.7·i + p), for gains 1 more.
    private void giveWeights() {
        gpt.to(DType.FLOAT64);
        int[] number = {0};
        gpt.namedParameters().forEach((name, parameter) -> {
            int p = number[0]++;
            double mean = name.contains("ln_") && name.endsWith("weight") ? 1 : 0;
            double[] values = new double[parameter.size()];
            Arrays.setAll(values, i -> mean + 0.3 * Math.sin(1.7 * i + p));
            parameter.set(values);
        });
    }

    @Test
    void logitsLossAndGradientsEqualPyTorchs() throws IOException {
        Map<String, double[]> golden = golden();
        giveWeights();
        Tensor logits = gpt.forward(Indices.of(1, 4, 9, 0, 3, 7, 7, 2, 10, 5).reshape(2, 5)); // (2, 5, 11)
        double[] all = logits.toArray();
        double[] expected = golden.get("logits");
        for (int i = 0; i < expected.length; i++) {
            assertThat(all[7 * i]).isCloseTo(expected[i], within(1e-12));
        }
        int[] targets = {4, 9, 0, 3, 8, 7, 2, -100, 5, 6};
        Tensor loss = logits.crossEntropy(Indices.of(Shape.of(2, 5), targets));
        assertThat(loss.item()).isCloseTo(golden.get("loss")[0], within(1e-13));
        loss.backward();
        gpt.namedParameters().forEach((name, parameter) -> {
            double[] gradient = parameter.grad().toArray();
            double sum = 0;
            double squares = 0;
            double weighted = 0;
            for (int i = 0; i < gradient.length; i++) {
                sum += gradient[i];
                squares += gradient[i] * gradient[i];
                weighted += gradient[i] * Math.sin(i);
            }
            // double, up to 432 summands below 1
            assertThat(new double[] {sum, squares, weighted}).as(name).containsExactly(golden.get(name), within(1e-12));
        });
    }
}
