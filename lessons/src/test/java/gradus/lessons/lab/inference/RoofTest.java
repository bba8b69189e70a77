package gradus.lessons.lab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RoofTest {
    private static final Products FEW = new Products(Products.FLOATS, 1);
    private static final Products MANY = new Products(Products.FLOATS, 8);
    private static final Products CODES = new Products("q8_0", 1);
    private static final Roof ROOF = new Roof(
            10, new TreeMap<>(Map.of(FEW, 5.0, MANY, 80.0, CODES, 2.0, new Products(Products.FLOATS, 99), 100.0)), 7);

    @Test
    void theLongerOfTwoTimesCounts() {
        assertThat(ROOF.ridge()).isEqualTo(10);
        assertThat(ROOF.seconds(new PassCost(1000, 50))).isEqualTo(10);
        assertThat(ROOF.byMemory(new PassCost(1000, 50))).isFalse();
        assertThat(ROOF.seconds(new PassCost(1000, 200))).isEqualTo(20);
        assertThat(ROOF.byMemory(new PassCost(1000, 200))).isTrue();
    }

    @Test
    void theLoweredRoofHasTheSpeedOfTheProductsAndTheCalls() {
        PassCost cost = new PassCost(400, 60);
        assertThat(ROOF.lowered(cost, FEW)).isEqualTo(7 + 80);
        assertThat(ROOF.lowered(cost, MANY)).isEqualTo(7 + 6);
        assertThat(ROOF.lowered(cost, CODES)).isEqualTo(7 + 200);
        assertThat(ROOF.lowered(cost, new Products(Products.FLOATS, 0))).isEqualTo(6);
    }

    @Test
    void theMiddleOfTheRoundsCounts() {
        assertThat(Measured.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3);
        assertThat(Measured.median(List.of(5.0, 1.0, 3.0, 4.0))).isEqualTo(3.5);
        assertThat(Measured.median(List.of(2.0))).isEqualTo(2);
    }

    @Test
    void aPassIsTimedInEveryRound() {
        int[] runs = {0};
        Measured measured = new Measured("g", "n", new PassCost(1, 1), FEW, () -> runs[0]++);
        measured.warm();
        int warm = runs[0];
        measured.round();
        int once = runs[0] - warm;
        measured.round();
        assertThat(runs[0] - warm).isEqualTo(2 * once);
        assertThat(once % Stopwatch.RUNS).isZero();
        assertThat(measured.seconds(0)).isNotNegative();
        assertThat(measured.seconds(1)).isNotNegative();
    }

    /// Five tokens for the price of a pass and a half, drafted for half of one.
    @Test
    void whatSpeculationShouldGainFollowsFromItsPasses() {
        assertThat(SpeculativeTrial.expected(5, 1, 0.125, 1.5)).isEqualTo(5 / (SpeculativeTrial.AHEAD * 0.125 + 1.5));
        assertThat(SpeculativeTrial.AHEAD).isEqualTo(4);
    }

    @Test
    void aDraftIsTheFirstLayerOfItsTarget() {
        GptConfig config = new GptConfig(9, 8, 1, 2, 8, 0).withHead(Head.OWN);
        Gpt single = new Gpt(config, Rng.of(3)).eval();
        Indices ids = Indices.of(1, 4, 2).reshape(1, 3);
        double[] alone = single.forward(ids).toArray();
        assertThat(SpeculativeTrial.draft(single).forward(ids).toArray()).isEqualTo(alone);
        assertThat(single.forward(ids).toArray())
                .as("the first layer stays as it was")
                .isEqualTo(alone);

        Gpt target = new Gpt(config.withLayers(3), Rng.of(3)).eval();
        double[] before = target.namedParameters().get("h.2.mlp.c_proj.weight").toArray();
        Gpt draft = SpeculativeTrial.draft(target);
        double[] after = target.namedParameters().get("h.2.mlp.c_proj.weight").toArray();
        assertThat(after[0]).isEqualTo((double) (float) (before[0] * 0.1f));
        assertThat(draft.config().layers()).isEqualTo(1);
        assertThat(draft.forward(ids).toArray())
                .isNotEqualTo(target.forward(ids).toArray());
    }

    @Test
    void badSizesAreNamed() {
        assertThatThrownBy(() -> new InferencePlan(1, 6, 8, 9, 64, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("heads must be a multiple of 4; got 6");
        assertThatThrownBy(() -> new InferencePlan(1, 4, 8, 9, 100, 1))
                .hasMessage("the longest text must be a multiple of 64; got 100");
        assertThatThrownBy(() -> new InferencePlan(1, 4, 8, 9, 64, 0)).hasMessage("rounds must be at least 1; got 0");
    }
}
