package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.error.ConfigException;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What every optimiser has to go through.
final class OptimizerDrill {
    /// The numbers of optimizers_golden.py.
    static final AdamConfig CONFIG = new AdamConfig(new Betas(0.9, 0.95), 1e-8, 0.1);

    static final Rng RNG = Rng.of(2);

    private OptimizerDrill() {}

    /// Makes an optimiser of named parameters.
    interface Maker extends Function<SequencedMap<String, Tensor>, Optimizer> {}

    /// One by its parameters in order.
    static Maker of(Function<List<Tensor>, Optimizer> maker) {
        return parameters -> maker.apply(List.copyOf(parameters.values()));
    }

    /// A matrix inside a block and a vector outside.
    static SequencedMap<String, Tensor> parameters(Tensor matrix, Tensor vector) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("h.0.weight", matrix);
        parameters.put("bias", vector);
        return parameters;
    }

    static Tensor parameter(String name, int... dims) {
        return Tensor.randn(RNG.at(name), dims).to(DType.FLOAT64).requireGrad();
    }

    static void giveGradient(Tensor parameter, double[] gradient) {
        parameter.zeroGrad();
        Tensor g = Tensor.of(gradient, parameter.shape().dims()).to(parameter.dtype());
        parameter.mul(g).sum().backward();
    }

    static double[] normal(Rng rng, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = rng.gaussian(i);
        }
        return values;
    }

    /// What an optimiser does to one number: θ after it, given θ, g, the rate and t ≥ 1. May remember.
    interface Rule {
        double after(double theta, double g, double lr, int t, double[] memory);
    }

    /// Four steps of the optimiser beside the rule applied to each element by itself.
    static void equalsTheLoop(Maker maker, Rule rule, int rows, int columns) {
        Tensor matrix = parameter("matrix", rows, columns);
        Optimizer optimizer = maker.apply(parameters(matrix, parameter("vector", 1)));
        double[] theta = matrix.toArray();
        double[][] memory = new double[theta.length][2];
        for (int t = 1; t <= 4; t++) {
            double[] g = normal(RNG.at("gradient").at(t), theta.length);
            double lr = 0.01 * t;
            for (int i = 0; i < theta.length; i++) {
                theta[i] = rule.after(theta[i], g[i], lr, t, memory[i]);
            }
            giveGradient(matrix, g);
            optimizer.step(lr);
            // double, a few roundings
            assertThat(matrix.toArray()).containsExactly(theta, within(1e-13));
        }
    }

    /// Every step of five trainings as optimizers_golden.py had them from PyTorch.
    ///
    /// @param withVector whether the golden numbers hold the vector too
    static void equalsPyTorch(String name, Maker maker, boolean withVector) throws IOException {
        JsonNode golden;
        try (InputStream json = OptimizerDrill.class.getResourceAsStream("optimizers_golden.json")) {
            golden = JsonMapper.shared().readTree(json);
        }
        double[] rates = numbers(golden.get("rates"));
        for (JsonNode training : golden.get("trainings")) {
            int rows = training.get("rows").intValue();
            int columns = training.get("columns").intValue();
            Tensor matrix =
                    Tensor.of(numbers(training.get("matrix")), rows, columns).requireGrad();
            Tensor vector = Tensor.of(numbers(training.get("vector")), 3).requireGrad();
            Optimizer optimizer = maker.apply(parameters(matrix, vector));
            for (int t = 0; t < rates.length; t++) {
                giveGradient(matrix, numbers(training.at("/gradients/" + t + "/matrix")));
                giveGradient(vector, numbers(training.at("/gradients/" + t + "/vector")));
                optimizer.step(rates[t]);
                JsonNode after = training.at("/after/" + name + "/" + t);
                assertThat(matrix.toArray()).containsExactly(numbers(after.get("matrix")), within(1e-9));
                if (withVector) {
                    assertThat(vector.toArray()).containsExactly(numbers(after.get("vector")), within(1e-9));
                }
            }
        }
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /// A gradient of 0 shrinks matrices by the decay, if it is decoupled, and leaves vectors alone.
    static void decayAloneShrinksMatrices(Maker maker) {
        Tensor matrix = parameter("matrix", 2, 3);
        Tensor vector = parameter("vector", 3);
        double[] shrunk = matrix.mul(1 - 0.5 * 0.1).toArray();
        double[] same = vector.toArray();
        Optimizer optimizer = maker.apply(parameters(matrix, vector));
        giveGradient(matrix, new double[6]);
        giveGradient(vector, new double[3]);
        optimizer.step(0.5);
        assertThat(matrix.toArray()).containsExactly(shrunk, within(1e-15));
        assertThat(vector.toArray()).containsExactly(same);
    }

    /// c·g in place of g changes nothing.
    static void forgetsTheScaleOfTheGradient(Maker maker) {
        double[][] after = new double[2][];
        for (int i = 0; i < 2; i++) {
            Tensor matrix = parameter("matrix", 2, 5);
            Optimizer optimizer = maker.apply(parameters(matrix, parameter("vector", 1)));
            for (int t = 0; t < 3; t++) {
                double[] gradient = normal(RNG.at(t), 10);
                for (int j = 0; j < 10; j++) {
                    gradient[j] *= i == 0 ? 1 : 1000;
                }
                giveGradient(matrix, gradient);
                optimizer.step(0.1);
            }
            after[i] = matrix.toArray();
        }
        assertThat(after[1]).containsExactly(after[0], within(1e-9));
    }

    /// What else every one keeps to: no rate below 0 is taken, what has no gradient stays, the state copied over goes
    /// on alike, and after the
    /// first steps no memory is taken.
    static void keepsTheRules(Maker maker) {
        refusesARateThatSpoilsTheWeights(maker);
        leavesAloneWhatHasNoGradient(maker);
        goesOnFromItsState(maker);
        takesNoMemory(maker);
    }

    private static void refusesARateThatSpoilsTheWeights(Maker maker) {
        Tensor matrix = parameter("matrix", 2, 3);
        double[] before = matrix.toArray();
        Optimizer optimizer = maker.apply(parameters(matrix, parameter("vector", 2)));
        giveGradient(matrix, new double[] {1, 2, 3, 4, 5, 6});
        for (double rate : new double[] {-Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> optimizer.step(rate))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the learning rate must be a number of at least 0; got " + rate);
        }
        optimizer.step(0);
        assertThat(matrix.toArray()).containsExactly(before);
    }

    private static void leavesAloneWhatHasNoGradient(Maker maker) {
        Tensor matrix = parameter("matrix", 2, 3);
        double[] before = matrix.toArray();
        Optimizer optimizer = maker.apply(parameters(matrix, parameter("vector", 2)));
        optimizer.step(0.5);
        assertThat(matrix.toArray()).containsExactly(before);
        giveGradient(matrix, new double[] {1, 1, 1, 1, 1, 1});
        optimizer.zeroGrad();
        assertThat(matrix.grad()).isNull();
    }

    private static void goesOnFromItsState(Maker maker) {
        double[][] after = new double[2][];
        for (int i = 0; i < 2; i++) {
            SequencedMap<String, Tensor> parameters = parameters(parameter("matrix", 2, 3), parameter("vector", 2));
            Optimizer optimizer = maker.apply(parameters);
            steps(optimizer, parameters, 0, 3);
            if (i == 1) {
                Optimizer other = maker.apply(parameters);
                other.state()
                        .forEach((name, tensor) ->
                                tensor.copyFrom(optimizer.state().get(name)));
                steps(other, parameters, 3, 6);
            } else {
                steps(optimizer, parameters, 3, 6);
            }
            after[i] = parameters.get("h.0.weight").toArray();
        }
        assertThat(after[1]).containsExactly(after[0]);
    }

    private static void steps(Optimizer optimizer, SequencedMap<String, Tensor> parameters, int from, int to) {
        for (int t = from; t < to; t++) {
            try (var scope = Scope.open()) {
                for (Tensor parameter : parameters.values()) {
                    giveGradient(parameter, normal(RNG.at(t), parameter.size()));
                }
                optimizer.step(0.1);
            }
        }
    }

    private static void takesNoMemory(Maker maker) {
        assumeTrue(Kernels.of(DType.FLOAT32).name().equals("vector"), "ND4J's own kernels make INDArrays");
        SequencedMap<String, Tensor> parameters = parameters(
                Tensor.randn(RNG, 3, 5).requireGrad(), Tensor.randn(RNG, 7).requireGrad());
        Optimizer optimizer = maker.apply(parameters);
        steps(optimizer, parameters, 0, 3);
        BufferPool.Statistics third = BufferPool.statistics();
        steps(optimizer, parameters, 3, 20);
        assertThat(BufferPool.statistics().blocksCreated()).isEqualTo(third.blocksCreated());
        assertThat(BufferPool.statistics().ndarraysCreated()).isEqualTo(third.ndarraysCreated());
    }
}
