package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Placement;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.run.Component;
import gradus.train.run.Components;
import gradus.train.run.ConfigFields;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Whatever parts of the catalogue a model is made of, a token changes nothing before it, to the bit. That is why
/// rolled shifted groups and experts that choose their tokens are not among them: both look ahead.
class NothingLeaksTest {
    private static final int VOCAB = 11;
    private static final int TIME = 64; // beyond the windows, blocks and chunks of all parts
    private static final GptConfig BASE = new GptConfig(VOCAB, TIME, 1, 4, 16, 0);

    @Property(tries = 200)
    void aTokenChangesNothingBeforeIt(
            @ForAll("parts") Map<String, Object> parts,
            @ForAll Placement placement,
            @ForAll @IntRange(min = 1, max = TIME - 1) int changed,
            @ForAll long seed) {
        Gpt gpt = new Gpt(ConfigFields.with(BASE, parts).withPlacement(placement), Rng.of(seed));
        gpt.to(DType.FLOAT64);
        gpt.eval(); // batchnorm looks at the whole batch while it trains, and says so
        int[] ids = new int[TIME];
        for (int t = 0; t < TIME; t++) {
            ids[t] = Rng.of(seed).at("ids").index(t, VOCAB);
        }
        double[] before = logits(gpt, ids);
        ids[changed] = (ids[changed] + 1) % VOCAB;
        double[] after = logits(gpt, ids);
        // Experts work on as many rows as chose them, and BLAS may sum those of another matrix in another order.
        for (int i = 0; i < changed * VOCAB; i++) {
            assertThat(after[i]).isCloseTo(before[i], within(1e-12));
        }
        int own = changed * VOCAB;
        assertThat(Arrays.copyOfRange(after, own, own + VOCAB))
                .isNotEqualTo(Arrays.copyOfRange(before, own, own + VOCAB));
    }

    private static double[] logits(Gpt gpt, int[] ids) {
        try (var pause = Autograd.noGrad()) {
            return gpt.forward(Indices.of(Shape.of(1, TIME), ids.clone())).toArray();
        }
    }

    @Provide
    static Arbitrary<Map<String, Object>> parts() {
        return Combinators.combine(part("attention"), part("position"), part("norm"), part("feedForward"))
                .as((attention, position, norm, feedForward) -> {
                    Map<String, Object> parts = new HashMap<>();
                    parts.put("attention", attention);
                    parts.put("position", position);
                    parts.put("norm", norm);
                    parts.put("feedForward", feedForward);
                    return parts;
                });
    }

    private static Arbitrary<Record> part(String slot) {
        return Arbitraries.of(
                Components.of(slot).stream().map(Component::defaults).toList());
    }
}
