package gradus.layers.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.Golden;
import gradus.layers.LayerGradients;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LstmTest {
    private static Tensor normal(Rng rng, int... dims) {
        return Tensor.randn(rng, dims).to(DType.FLOAT64);
    }

    /// With parameters of the size of 1, biases too.
    private static Lstm lstm(LstmConfig config, Rng rng) {
        return floats(config, rng).to(DType.FLOAT64);
    }

    private static Lstm floats(LstmConfig config, Rng rng) {
        Lstm lstm = new Lstm(config, rng);
        lstm.namedParameters()
                .forEach((name, each) ->
                        each.copyFrom(Tensor.randn(rng.at(name), each.shape().dims())));
        return lstm;
    }

    @TestFactory
    Stream<DynamicTest> agreesWithPyTorch() {
        return Golden.each("lstm", golden -> {
            LstmConfig config = LstmConfig.of(golden.whole("in"), golden.whole("hidden"))
                    .withLayers(golden.whole("layers"))
                    .withBidirectional(golden.flag("bidirectional"));
            golden.check(golden.fill(new Lstm(config, Rng.of(1))).forward(golden.input("x")));
        });
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// The equations, one number after the other.
    ///
    /// @param x one sequence, (T, in)
    private static double[][] loop(Map<String, double[]> weights, String end, double[][] x, int hidden) {
        int in = x[0].length;
        double[] w = weights.get("weight_ih" + end); // (4·H, in)
        double[] u = weights.get("weight_hh" + end); // (4·H, H)
        double[] b = weights.get("bias_ih" + end);
        double[] d = weights.get("bias_hh" + end);
        double[][] states = new double[x.length][];
        double[] h = new double[hidden];
        double[] c = new double[hidden];
        boolean reverse = end.endsWith("reverse");
        for (int n = 0; n < x.length; n++) {
            int t = reverse ? x.length - 1 - n : n;
            double[] a = new double[4 * hidden];
            for (int row = 0; row < a.length; row++) {
                a[row] = b[row] + d[row];
                for (int k = 0; k < in; k++) {
                    a[row] += w[row * in + k] * x[t][k];
                }
                for (int k = 0; k < hidden; k++) {
                    a[row] += u[row * hidden + k] * h[k];
                }
            }
            double[] next = new double[hidden];
            for (int k = 0; k < hidden; k++) {
                c[k] = sigmoid(a[hidden + k]) * c[k] + sigmoid(a[k]) * Math.tanh(a[2 * hidden + k]);
                next[k] = sigmoid(a[3 * hidden + k]) * Math.tanh(c[k]);
            }
            h = next;
            states[t] = h;
        }
        return states;
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int in,
            @ForAll @IntRange(min = 1, max = 4) int hidden,
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll boolean both,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll long seed) {
        Rng rng = Rng.of(seed);
        Lstm lstm = lstm(LstmConfig.of(in, hidden).withLayers(layers).withBidirectional(both), rng);
        Tensor x = normal(rng.at("x"), batch, time, in);
        Tensor y = lstm.forward(x);
        assertThat(y.shape().dims()).containsExactly(batch, time, both ? 2 * hidden : hidden);
        Map<String, double[]> weights = new HashMap<>(); // read once: an element at a time costs a call each
        lstm.namedParameters().forEach((name, each) -> weights.put(name, each.toArray()));
        for (int i = 0; i < batch; i++) {
            double[][] below = rows(x.select(0, i));
            for (int layer = 0; layer < layers; layer++) {
                double[][] forward = loop(weights, "_l" + layer, below, hidden);
                double[][] backward = both ? loop(weights, "_l" + layer + "_reverse", below, hidden) : null;
                double[][] joined = new double[time][];
                for (int t = 0; t < time; t++) {
                    joined[t] = DoubleStream.concat(
                                    Arrays.stream(forward[t]), Arrays.stream(both ? backward[t] : new double[0]))
                            .toArray();
                }
                below = joined;
            }
            double[] expected =
                    Arrays.stream(below).flatMapToDouble(Arrays::stream).toArray();
            // 15 sums of at most 9 terms of size 1 to 10
            assertThat(y.select(0, i).toArray()).containsExactly(expected, within(1e-12));
        }
    }

    private static double[][] rows(Tensor matrix) {
        double[] all = matrix.toArray();
        int wide = matrix.dim(1);
        double[][] rows = new double[matrix.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * wide, (i + 1) * wide);
        }
        return rows;
    }

    /// One direction hears nothing of what comes later, two hear of everything.
    @Property(tries = 200)
    void hearsOnlyWhatItHasRead(@ForAll @IntRange(min = 2, max = 6) int time, @ForAll long seed) {
        Rng rng = Rng.of(seed);
        Tensor x = Tensor.randn(rng.at("x"), 1, time, 3);
        Tensor changed = x.clone();
        changed.setSlice(1, time - 1, Tensor.randn(rng.at("other"), 1, 1, 3));
        Lstm forward = floats(LstmConfig.of(3, 4).withLayers(2), rng);
        assertThat(forward.forward(changed).slice(1, 0, time - 1).toArray())
                .isEqualTo(forward.forward(x).slice(1, 0, time - 1).toArray());
        Lstm both = floats(LstmConfig.of(3, 4).withBidirectional(true), rng);
        assertThat(both.forward(changed).select(1, 0).toArray())
                .isNotEqualTo(both.forward(x).select(1, 0).toArray());
    }

    @Test
    void startsWithinItsBoundAndDrawsEachParameterAlone() {
        Lstm lstm = new Lstm(LstmConfig.of(3, 4).withLayers(2).withBidirectional(true), Rng.of(1));
        assertThat(lstm.namedParameters().keySet())
                .containsExactly(
                        "weight_ih_l0",
                        "weight_hh_l0",
                        "bias_ih_l0",
                        "bias_hh_l0",
                        "weight_ih_l0_reverse",
                        "weight_hh_l0_reverse",
                        "bias_ih_l0_reverse",
                        "bias_hh_l0_reverse",
                        "weight_ih_l1",
                        "weight_hh_l1",
                        "bias_ih_l1",
                        "bias_hh_l1",
                        "weight_ih_l1_reverse",
                        "weight_hh_l1_reverse",
                        "bias_ih_l1_reverse",
                        "bias_hh_l1_reverse");
        lstm.namedParameters().forEach((name, each) -> {
            double[] values = each.toArray();
            assertThat(values).as(name).doesNotHaveDuplicates();
            assertThat(each.abs().max().item()).as(name).isBetween(0.25, 0.5); // 1/√4
            assertThat(each.amin(0).min().item()).as(name).isNegative();
        });
        assertThat(lstm.namedParameters().get("weight_ih_l1").shape().dims()).containsExactly(16, 8);
    }

    /// Every element of one direction, and of two layers in both directions some, and all at once in ten ways.
    @Test
    void gradients() {
        Lstm one = lstm(LstmConfig.of(3, 2), Rng.of(3));
        Tensor x = normal(Rng.of(4), 2, 3, 3);
        LayerGradients.requireRight(one, Map.of("x", x), () -> one.forward(x));
        Lstm both = lstm(LstmConfig.of(3, 2).withLayers(2).withBidirectional(true), Rng.of(3));
        Map<String, Tensor> all = new HashMap<>(both.namedParameters());
        all.put("x", x);
        GradientCheck.sampled(() -> both.forward(x), all, 30).requirePass();
    }

    @Test
    void dropsBetweenLayersInTraining() {
        LstmConfig config = LstmConfig.of(3, 8).withDropout(0.5);
        Tensor x = normal(Rng.of(4), 1, 4, 3);
        Lstm two = lstm(config.withLayers(2), Rng.of(3));
        two.random(Rng.of(1));
        double[] first = two.forward(x).toArray();
        two.random(Rng.of(2));
        assertThat(two.forward(x).toArray()).isNotEqualTo(first);
        two.eval();
        double[] quiet = two.forward(x).toArray();
        two.random(Rng.of(3));
        assertThat(two.forward(x).toArray()).isEqualTo(quiet);
        Lstm one = lstm(config, Rng.of(3)); // has nothing between layers
        one.random(Rng.of(1));
        double[] trained = one.forward(x).toArray();
        one.eval();
        assertThat(one.forward(x).toArray()).isEqualTo(trained);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> LstmConfig.of(0, 3))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Lstm: in must be at least 1; got 0");
        assertThatThrownBy(() -> LstmConfig.of(3, 0)).hasMessage("Lstm: hidden must be at least 1; got 0");
        assertThatThrownBy(() -> LstmConfig.of(3, 1).withLayers(0)).hasMessageContaining("layers must be at least 1");
        for (double p : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> LstmConfig.of(3, 1).withDropout(p)).isInstanceOf(ConfigException.class);
        }
        Lstm lstm = new Lstm(LstmConfig.of(3, 2), Rng.of(1));
        assertThatThrownBy(() -> lstm.forward(Tensor.zeros(2, 4, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("Lstm: the input must be (B, T, 3); got (2, 4, 5)");
        assertThatThrownBy(() -> lstm.forward(Tensor.zeros(4, 3))).isInstanceOf(ShapeException.class);
    }
}
