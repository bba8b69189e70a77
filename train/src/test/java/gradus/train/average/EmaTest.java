package gradus.train.average;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.TrainConfig;
import java.util.Arrays;
import java.util.function.BiFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmaTest {
    private static final Rng RNG = Rng.of(4);

    /// A parameter and a buffer.
    private static final class Pair extends Layer {
        final Tensor weight = param("weight", Tensor.randn(RNG.at("weight"), 3).to(DType.FLOAT64));
        final Tensor count = buffer("count", Tensor.zeros(1));

        void set(int k) {
            weight.set(values(k));
            count.set(k);
        }
    }

    private static double[] values(int k) {
        return Tensor.randn(RNG.at(k), 3).toArray();
    }

    private static double[] averaged(WeightAverage average, Pair pair) {
        try (var swapped = average.swapIn()) {
            return pair.weight.toArray();
        }
    }

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @DoubleRange(min = 0, max = 0.999) @Scale(3) double decay) {
        Pair pair = new Pair();
        Ema ema = new Ema(pair, decay);
        double[] s = pair.weight.toArray();
        for (int t = 1; t <= 12; t++) {
            pair.set(t);
            ema.update();
            double d = Math.min(decay, (1.0 + t) / (10.0 + t)); // first 2/11
            for (int i = 0; i < 3; i++) {
                s[i] = d * s[i] + (1 - d) * values(t)[i];
            }
            assertThat(averaged(ema, pair)).containsExactly(s, within(1e-14));
        }
    }

    /// Started at 0 and corrected, it is the weighted mean Σ(1-d)dᵗ⁻ᵏθ_k/(1-dᵗ) of what it saw.
    @Property(tries = 200)
    void debiasedIsTheWeightedMean(@ForAll @DoubleRange(min = 0, max = 0.999) @Scale(3) double decay) {
        Pair pair = new Pair();
        DebiasedEma ema = new DebiasedEma(pair, decay);
        for (int t = 1; t <= 10; t++) {
            pair.set(t);
            ema.update();
            double[] mean = new double[3];
            for (int k = 1; k <= t; k++) {
                for (int i = 0; i < 3; i++) {
                    mean[i] += (1 - decay) * Math.pow(decay, t - k) * values(k)[i] / (1 - Math.pow(decay, t));
                }
            }
            // 1/(1 - d) multiplies roundings by up to 1000
            assertThat(averaged(ema, pair)).containsExactly(mean, within(1e-11));
        }
    }

    private static void both(BiFunction<Layer, Double, WeightAverage> of) {
        Pair pair = new Pair();
        pair.set(1);
        double[] constant = pair.weight.toArray();
        WeightAverage still = of.apply(pair, 0.9);
        for (int t = 0; t < 5; t++) {
            still.update();
        }
        assertThat(averaged(still, pair)).containsExactly(constant, within(1e-15)); // a constant is a fixed point

        WeightAverage none = of.apply(pair, 0.0);
        WeightAverage some = of.apply(pair, 0.7);
        double[] low = pair.weight.toArray();
        double[] high = low.clone();
        for (int t = 2; t < 20; t++) {
            pair.set(t);
            none.update();
            some.update();
            assertThat(averaged(none, pair)).containsExactly(values(t)); // d = 0 is the weights
            double[] average = averaged(some, pair);
            for (int i = 0; i < 3; i++) {
                low[i] = Math.min(low[i], values(t)[i]);
                high[i] = Math.max(high[i], values(t)[i]);
                assertThat(average[i]).isBetween(low[i] - 1e-15, high[i] + 1e-15); // among the weights it saw
            }
        }
        assertThat(some.updates()).isEqualTo(18);
    }

    @Property(tries = 200)
    void withoutDecayItIsTheWeights(@ForAll @IntRange(min = 1, max = 9) int steps, @ForAll int seed) {
        Pair pair = new Pair();
        Ema ema = new Ema(pair, 0);
        for (int step = 0; step < steps; step++) {
            pair.set(seed + step);
            ema.update();
            assertThat(averaged(ema, pair)).containsExactly(values(seed + step));
        }
    }

    @Test
    void laws() {
        both(Ema::new);
        both(DebiasedEma::new);
    }

    @Test
    void swapsInAndOutExactly() {
        Pair pair = new Pair();
        Ema ema = new Ema(pair, 0.9);
        pair.set(7);
        ema.update();
        pair.set(8);
        try (var swapped = ema.swapIn()) {
            assertThat(pair.weight.toArray()).isNotEqualTo(values(8)).isNotEqualTo(values(7));
            assertThat(pair.count.item()).isEqualTo(7); // a buffer is copied as it last was, not averaged
            assertThatThrownBy(ema::swapIn).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(ema::update).isInstanceOf(IllegalStateException.class);
            swapped.close();
            swapped.close();
        }
        assertThat(pair.weight.toArray()).isEqualTo(values(8));
        assertThat(pair.count.item()).isEqualTo(8);
    }

    /// Several weights and buffers, some frozen.
    private static final class Several extends Layer {
        Several(int count) {
            for (int i = 0; i < count; i++) {
                param("w" + i, Tensor.randn(RNG.at(i), i + 1));
                buffer("b" + i, Tensor.zeros(2));
            }
        }
    }

    @Property(tries = 200)
    void whatIsFrozenIsNeitherCopiedNorTouched(
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll @IntRange(max = 63) int frozen,
            @ForAll EmaKind kind) {
        Several model = new Several(count);
        long numbers = 1 + 2L * count; // the count of updates, and the buffers
        for (int i = 0; i < count; i++) {
            if ((frozen >> i & 1) == 1) {
                model.namedParameters().get("w" + i).freeze();
            } else {
                numbers += i + 1;
            }
        }
        WeightAverage average = kind.of(model, 0.5);
        assertThat(average.state().values().stream().mapToLong(Tensor::size).sum())
                .isEqualTo(numbers);
        model.namedParameters().values().forEach(weight -> weight.set(filled(weight, 1)));
        average.update();
        model.namedParameters().values().forEach(weight -> weight.set(filled(weight, 2)));
        try (var swapped = average.swapIn()) {
            model.namedParameters().forEach((name, weight) -> {
                if (weight.requiresGrad()) {
                    assertThat(weight.toArray()).as(name).doesNotContain(2);
                } else {
                    assertThat(weight.toArray()).as(name).containsOnly(2);
                }
            });
        }
        model.namedParameters()
                .values()
                .forEach(weight -> assertThat(weight.toArray()).containsOnly(2));
    }

    private static double[] filled(Tensor like, double value) {
        double[] values = new double[like.size()];
        Arrays.fill(values, value);
        return values;
    }

    @Test
    void goesOnFromItsState() {
        Pair pair = new Pair();
        Ema first = new Ema(pair, 0.9);
        pair.set(1);
        first.update();
        Ema second = new Ema(pair, 0.9);
        second.state().forEach((name, tensor) -> tensor.copyFrom(first.state().get(name)));
        pair.set(2);
        first.update();
        second.update();
        assertThat(averaged(second, pair)).isEqualTo(averaged(first, pair));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, 1.5, Double.NaN})
    void decayOutOfRange(double decay) { // BAD-INPUT 38
        assertThatThrownBy(() -> new Ema(new Pair(), decay))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("decay must be in [0, 1)");
        assertThatThrownBy(() -> new DebiasedEma(new Pair(), decay)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> TrainConfig.defaults().withEmaDecay(decay)).isInstanceOf(ConfigException.class);
    }

    @Test
    void anAverageByName() {
        Pair pair = new Pair();
        assertThat(EmaKind.WARMED.of(pair, 0.5)).isInstanceOf(Ema.class);
        assertThat(EmaKind.DEBIASED.of(pair, 0.5)).isInstanceOf(DebiasedEma.class);
        assertThat(AverageConfig.none().of(pair)).isEmpty();
        AverageConfig debiased = AverageConfig.none().withDecay(0.5).withKind(EmaKind.DEBIASED);
        assertThat(debiased).isEqualTo(new AverageConfig(0.5, EmaKind.DEBIASED));
        assertThat(debiased.of(pair)).containsInstanceOf(DebiasedEma.class);
        assertThatThrownBy(() -> debiased.withKind(null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ema must be one of [WARMED, DEBIASED]; got null");
    }
}
