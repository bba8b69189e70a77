package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdamWTest {
    private static final Rng RNG = Rng.of(2);
    private static final AdamConfig CONFIG =
            AdamConfig.defaults().withBeta1(0.9).withBeta2(0.95).withEps(1e-8).withWeightDecay(0.1);

    private static Tensor parameter(String name, int... dims) {
        return Tensor.randn(RNG.at(name), dims).to(DType.FLOAT64).requireGrad();
    }

    private static void giveGradient(Tensor parameter, double[] gradient) {
        parameter.zeroGrad();
        parameter.mul(Tensor.of(gradient, parameter.shape().dims())).sum().backward();
    }

    private static double[] normal(Rng rng, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = rng.gaussian(i);
        }
        return values;
    }

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        Tensor matrix = parameter("matrix", rows, columns);
        AdamW adamW = new AdamW(List.of(matrix), CONFIG);
        int n = rows * columns;
        double[] theta = matrix.toArray();
        double[] m = new double[n];
        double[] v = new double[n];
        for (int t = 1; t <= 4; t++) {
            double[] g = normal(RNG.at("gradient").at(t), n);
            double lr = 0.01 * t;
            for (int i = 0; i < n; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.95, t));
                theta[i] = theta[i] * (1 - lr * 0.1) - lr * mHat / (Math.sqrt(vHat) + 1e-8);
            }
            giveGradient(matrix, g);
            adamW.step(lr);
            assertThat(matrix.toArray()).containsExactly(theta, within(1e-13));
        }
    }

    /// Gradients, clipping and five steps as torch 2.13 does them in float64; adamw_golden.py made the numbers.
    @Test
    void equalsPyTorch() throws IOException {
        JsonNode golden;
        try (InputStream json = AdamWTest.class.getResourceAsStream("adamw_golden.json")) {
            golden = JsonMapper.shared().readTree(json);
        }
        Tensor matrix = Tensor.of(numbers(golden.get("matrix")), 3, 4).requireGrad();
        Tensor vector = Tensor.of(numbers(golden.get("vector")), 4).requireGrad();
        List<Tensor> parameters = List.of(matrix, vector);
        AdamW adamW = new AdamW(parameters, CONFIG);
        for (JsonNode step : golden.get("steps")) {
            giveGradient(matrix, numbers(step.get("gradMatrix")));
            giveGradient(vector, numbers(step.get("gradVector")));
            double norm = Clip.clipGradNorm(parameters, 1);
            assertThat(norm).isCloseTo(step.get("norm").asDouble(), within(1e-13));
            assertThat(matrix.grad().toArray()).containsExactly(numbers(step.get("clippedMatrix")), within(1e-13));
            assertThat(vector.grad().toArray()).containsExactly(numbers(step.get("clippedVector")), within(1e-13));
            adamW.step(step.get("lr").asDouble());
            assertThat(matrix.toArray()).containsExactly(numbers(step.get("matrix")), within(1e-13));
            assertThat(vector.toArray()).containsExactly(numbers(step.get("vector")), within(1e-13));
        }
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    @Test
    void theFirstStepGoesByTheSignAlone() { // BAD-INPUT 186
        Tensor vector = Tensor.of(new double[] {1, 2, 3, 4}, 4).requireGrad();
        AdamW adamW = new AdamW(List.of(vector), CONFIG);
        giveGradient(vector, new double[] {1e-3, -1e-3, 100, -100});
        adamW.step(0.5);
        // ε = 1e-8 beside a gradient of 1e-3 takes 1e-5 of the step
        assertThat(vector.toArray()).containsExactly(new double[] {0.5, 2.5, 2.5, 4.5}, within(1e-5));
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        double[][] after = new double[2][];
        for (int i = 0; i < 2; i++) {
            Tensor vector = parameter("vector", 5);
            AdamW adamW = new AdamW(List.of(vector), CONFIG.withEps(1e-300));
            for (int t = 0; t < 3; t++) {
                double[] gradient = normal(RNG.at(t), 5);
                for (int j = 0; j < 5; j++) {
                    gradient[j] *= i == 0 ? 1 : 1000;
                }
                giveGradient(vector, gradient);
                adamW.step(0.1);
            }
            after[i] = vector.toArray();
        }
        assertThat(after[1]).containsExactly(after[0], within(1e-12));
    }

    @Test
    void decayShrinksMatricesOnly() {
        Tensor matrix = parameter("matrix", 2, 3);
        Tensor vector = parameter("vector", 3);
        double[] shrunk = matrix.mul(1 - 0.5 * 0.1).toArray();
        double[] same = vector.toArray();
        AdamW adamW = new AdamW(List.of(matrix, vector), CONFIG);
        giveGradient(matrix, new double[6]);
        giveGradient(vector, new double[3]);
        adamW.step(0.5);
        assertThat(matrix.toArray()).containsExactly(shrunk, within(1e-15));
        assertThat(vector.toArray()).containsExactly(same);
    }

    @Test
    void leavesAloneWhatHasNoGradient() {
        Tensor matrix = parameter("matrix", 2, 3);
        double[] before = matrix.toArray();
        AdamW adamW = new AdamW(List.of(matrix), CONFIG);
        adamW.step(0.5);
        assertThat(matrix.toArray()).containsExactly(before);
        giveGradient(matrix, new double[] {1, 1, 1, 1, 1, 1});
        adamW.zeroGrad();
        assertThat(matrix.grad()).isNull();
    }

    @Test
    void itsStateOutlivesScopes() {
        Tensor vector = parameter("vector", 3);
        AdamW adamW;
        try (var scope = Scope.open()) {
            adamW = new AdamW(List.of(vector), CONFIG);
        }
        for (int t = 0; t < 2; t++) {
            try (var scope = Scope.open()) {
                giveGradient(vector, new double[] {1, 2, 3});
                adamW.step(0.1);
            }
        }
        assertThat(vector.toArray()).doesNotContain(Double.NaN);
    }
}
