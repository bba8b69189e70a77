package gradus.lessons.lab.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Layer.Hook;
import gradus.layers.Linear;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassCostTest {
    /// One layer of 4 channels and 2 heads, 3 tokens, a context of 8.
    private static final GptConfig TINY = new GptConfig(3, 8, 1, 2, 4, 0).withHead(Head.OWN);

    private static Gpt model(AttentionChoice attention) {
        return new Gpt(TINY.withAttention(attention), Rng.of(1)).eval();
    }

    /// By hand: two sequences of 2 tokens behind 3.
    @Test
    void aTinyModelIsCountedByHand() {
        Gpt gpt = new Gpt(TINY, Rng.of(1)).eval();
        int layers = 2 * 4 * (4 * 12 + 4 * 4 + 4 * 16 + 16 * 4); // of 4 rows
        int head = 2 * 2 * 4 * 3; // of the last row of each
        int attention = 4 * 4 * 2 * (4 + 5); // pairs that see each other
        int weights = (4 * 12 + 12) + (4 * 4 + 4) + (4 * 16 + 16) + (16 * 4 + 4) + 4 * 3 + 3 * (4 + 4);
        int tables = (4 + 2) * 4; // rows of tokens, and of two positions
        int cache = 2 * 2 * 5 * 4; // keys and values of 5 places of each sequence
        PassCost last = PassCost.of(gpt, 2, 3, 2, false);
        assertThat(last).isEqualTo(new PassCost(layers + head + attention, 4 * (weights + tables + cache)));
        assertThat(last.intensity()).isEqualTo(1872.0 / 1472);
        PassCost all = PassCost.of(gpt, 2, 3, 2, true);
        assertThat(all).isEqualTo(new PassCost(1872 + head, 1472));
    }

    /// Every row that goes through a linear layer, and every pair that a mask lets see each other, counted while
    /// the model works.
    @Property(tries = 200)
    void operationsAreThoseThatHappen(
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 4) int past,
            @ForAll @IntRange(min = 1, max = 4) int fresh,
            @ForAll boolean all,
            @ForAll @IntRange(min = 0, max = 3) int kind) {
        AttentionChoice attention = List.of(
                        new Attentions.MultiHead(),
                        new Attentions.MultiQuery(),
                        new Attentions.GroupedQuery(1),
                        new Attentions.SlidingWindow(3, 0))
                .get(kind);
        Gpt gpt = model(attention);
        Runnable pass = Passes.behind(gpt, batch, past, fresh, all);
        pass.run(); // which must leave the cache as it was
        double[] counted = {0};
        List<Hook> hooks = new ArrayList<>();
        gpt.namedLayers(Linear.class)
                .values()
                .forEach(linear -> hooks.add(linear.hookInput(x -> {
                    counted[0] += 2.0 * x.size() * linear.out();
                    return x;
                })));
        pass.run();
        hooks.forEach(Hook::close);
        KeyMask mask = kind == 3 ? new gradus.layers.attention.mask.SlidingWindow(3) : KeyMask.causal();
        boolean[] seen = mask.dense(Shape.of(1, 1, fresh, past + fresh));
        int pairs = 0;
        for (boolean each : seen) {
            pairs += each ? 1 : 0;
        }
        assertThat(PassCost.of(gpt, batch, past, fresh, all).flops()).isEqualTo(counted[0] + 4.0 * 4 * batch * pairs);
    }

    @Test
    void sharedHeadsAndWindowsReadFewerBytes() {
        // Keys and values of 2 channels instead of 4, a smaller projection, and projections without biases.
        double own =
                PassCost.of(model(new Attentions.MultiHead()), 1, 6, 1, false).bytes();
        double shared =
                PassCost.of(model(new Attentions.MultiQuery()), 1, 6, 1, false).bytes();
        int weights = (4 * 12 + 12 + 4 * 4 + 4) - (4 * 4 + 2 * 4 * 2 + 4 * 4);
        int cache = 2 * 7 * (4 - 2);
        assertThat(own - shared).isEqualTo(4 * (weights + cache));
        double grouped = PassCost.of(model(new Attentions.GroupedQuery(2)), 1, 6, 1, false)
                .bytes();
        double window = PassCost.of(model(new Attentions.SlidingWindow(3, 0)), 1, 6, 1, false)
                .bytes();
        assertThat(grouped - window).isEqualTo(4 * 2 * (7 - 3) * 4);
    }

    /// 34 bytes for 32 weights of q8_0; biases, norms and tables stay as they are.
    @Test
    void quantisedWeightsAreCountedAsTheyAreStored() {
        GptConfig config = new GptConfig(64, 8, 1, 4, 64, 0).withHead(Head.OWN);
        Gpt plain = new Gpt(config, Rng.of(1)).eval();
        Gpt codes = new Gpt(config, Rng.of(1)).eval();
        Quantization.quantize(codes, QuantConfig.Q8_0, List.of());
        int weights = 64 * 64 * (3 + 1 + 4 + 4 + 1);
        PassCost floats = PassCost.of(plain, 1, 2, 1, false);
        PassCost quantised = PassCost.of(codes, 1, 2, 1, false);
        assertThat(floats.bytes() - quantised.bytes()).isCloseTo(weights * (4 - 34.0 / 32), within(1e-6));
        assertThat(quantised.flops()).isEqualTo(floats.flops());
    }

    @Test
    void attentionAloneIsCountedByHand() {
        assertThat(PassCost.fused(3, 4)).isEqualTo(new PassCost(4 * 4 * (1 + 2 + 3), 4 * 4 * 3 * 4));
        assertThat(PassCost.plain(3, 4, 2)).isEqualTo(new PassCost(4 * 4 * 9, 4 * 4 * 3 * 4 + 8 * 2 * 9 * 4));
    }

    @Test
    void anAttentionThatNobodyCountedIsRefused() {
        assertThatThrownBy(() -> PassCost.of(model(new Attentions.Strided(2)), 1, 0, 4, false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the cost of Strided");
    }
}
