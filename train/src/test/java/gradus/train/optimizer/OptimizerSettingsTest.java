package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.DoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What optimisers are told: settings, and groups of parameters.
class OptimizerSettingsTest {
    /// Every factor of a running mean is in [0, 1).
    @Test
    void aMeanForgetsButNotEverything() {
        inUnitInterval("beta1", value -> new Betas(value, 0.9));
        inUnitInterval("beta2", value -> new Betas(0.9, value));
        inUnitInterval("beta1", value -> new LionConfig(value, 0.9, 0));
        inUnitInterval("beta2", value -> new LionConfig(0.9, value, 0));
        inUnitInterval("momentum", value -> new SgdConfig(value, false, 0));
        inUnitInterval("alpha", value -> new RmsPropConfig(value, 1, 0));
        inUnitInterval("momentum", value -> MuonConfig.defaults().withMomentum(value));
    }

    private static void inUnitInterval(String name, DoubleFunction<?> config) {
        for (double right : new double[] {0, 0.5, Math.nextDown(1.0)}) {
            assertThatCode(() -> config.apply(right)).doesNotThrowAnyException();
        }
        for (double wrong : new double[] {-Double.MIN_VALUE, 1, 2, Double.NaN}) {
            refused(name, wrong, config);
        }
    }

    @Test
    void aDecayIsANumberOfAtLeastZero() {
        atLeastZero("weightDecay", value -> new LionConfig(0.9, 0.9, value));
        atLeastZero("weightDecay", value -> new SgdConfig(0.9, false, value));
        atLeastZero("weightDecay", value -> new RmsPropConfig(0.9, 1, value));
        atLeastZero("weightDecay", value -> new AdagradConfig(1, value));
        atLeastZero("weightDecay", value -> new AdamConfig(new Betas(0.9, 0.9), 1, value));
    }

    private static void atLeastZero(String name, DoubleFunction<?> config) {
        assertThatCode(() -> config.apply(0)).doesNotThrowAnyException();
        for (double wrong : new double[] {-Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(name, wrong, config);
        }
    }

    @Test
    void nothingIsDividedByZero() {
        aboveZero(value -> new RmsPropConfig(0.9, value, 0));
        aboveZero(value -> new AdagradConfig(value, 0));
        aboveZero(value -> new AdamConfig(new Betas(0.9, 0.9), value, 0));
    }

    private static void aboveZero(DoubleFunction<?> config) {
        assertThatCode(() -> config.apply(Double.MIN_VALUE)).doesNotThrowAnyException();
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused("eps", wrong, config);
        }
    }

    private static void refused(String name, double wrong, DoubleFunction<?> config) {
        assertThatThrownBy(() -> config.apply(wrong))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(name + " must be")
                .hasMessageEndingWith("got " + wrong);
    }

    @Test
    void muonsUsualSettings() {
        assertThat(MuonConfig.defaults()).isEqualTo(new MuonConfig(0.95, MuonScale.AS_ADAMW, AdamConfig.defaults()));
    }

    /// One step of plain SGD shows both factors: θ' = θ(1 - f·λ·lr·r) - lr·r·g.
    @Property(tries = 200)
    void aGroupHasARateAndADecayOfItsOwn(
            @ForAll @DoubleRange(max = 20) double rate, @ForAll @DoubleRange(max = 5) double decay, @ForAll int seed) {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        for (String name : new String[] {"wte", "head"}) {
            parameters.put(
                    name,
                    Tensor.randn(Rng.of(seed).at(name), 2, 3).to(DType.FLOAT64).requireGrad());
        }
        double[] own = parameters.get("wte").toArray();
        double[] usual = parameters.get("head").toArray();
        ParameterGroups groups =
                ParameterGroups.of(parameters).withRate("wte"::equals, rate).withDecay("wte"::equals, decay);
        Sgd sgd = new Sgd(groups, new SgdConfig(0, false, 0.1));
        parameters.values().forEach(parameter -> parameter.mul(2).sum().backward()); // g = 2
        sgd.step(0.01);
        for (int i = 0; i < 6; i++) {
            own[i] -= 0.01 * rate * (2 + 0.1 * decay * own[i]);
            usual[i] -= 0.01 * (2 + 0.1 * usual[i]);
        }
        assertThat(parameters.get("wte").toArray()).containsExactly(own, within(1e-13)); // a few roundings
        assertThat(parameters.get("head").toArray()).containsExactly(usual, within(1e-13));
    }

    @Test
    void aFactorIsANumberOfAtLeastZero() {
        ParameterGroups groups = ParameterGroups.of(new LinkedHashMap<>());
        for (double wrong : new double[] {-0.5, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> groups.withRate(name -> true, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the factor of a rate must be at least 0; got " + wrong);
            assertThatThrownBy(() -> groups.withDecay(name -> true, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the factor of a decay must be at least 0; got " + wrong);
        }
        for (double wrong : new double[] {0.99, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> LoraPlus.groups(new LinkedHashMap<>(), wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the ratio must be at least 1; got " + wrong);
        }
    }

    /// Devices without the fused step compute AdamW line by line, and get the same.
    @Property(tries = 200)
    void theEquationOfAdamWIsWhatTheKernelDoes(
            @ForAll @IntRange(min = 1, max = 50) int time,
            @ForAll @DoubleRange(max = 0.1) double rate,
            @ForAll @DoubleRange(max = 0.5) double decay,
            @ForAll int seed) {
        AdamWStep step = new AdamWStep(rate, 0.9, 0.95, 1e-8, decay, time);
        double[][] after = new double[2][];
        for (int i = 0; i < 2; i++) {
            Rng rng = Rng.of(seed);
            Tensor parameter = Tensor.randn(rng.at("p"), 7).to(DType.FLOAT64);
            Tensor gradient = Tensor.randn(rng.at("g"), 7).to(DType.FLOAT64);
            Tensor m = Tensor.randn(rng.at("m"), 7).to(DType.FLOAT64);
            Tensor v = Tensor.randn(rng.at("v"), 7).square().to(DType.FLOAT64);
            if (i == 0) {
                AdamStep.plain(step, parameter, gradient, m, v);
            } else {
                AdamStep.run(step, parameter, gradient, m, v);
            }
            after[i] = Tensor.concat(0, parameter, m, v).toArray();
        }
        for (int i = 0; i < after[0].length; i++) { // a dozen roundings, of a sum that is no smaller than its parts
            assertThat(after[0][i]).isCloseTo(after[1][i], within(1e-13 * (10 + Math.abs(after[1][i]))));
        }
    }
}
