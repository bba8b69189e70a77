package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Contrastive and guided decoding, against their equations in plain loops.
class CombinedGeneratorsTest {
    private static final int VOCAB = 7;
    private static final IntPredicate ALL = id -> true;
    private static final LanguageModel GOOD = model(1, 10);
    private static final LanguageModel POOR = model(2, 4);
    private static final Map<LanguageModel, Map<List<Integer>, double[]>> KNOWN =
            Map.of(GOOD, new HashMap<>(), POOR, new HashMap<>());

    private static LanguageModel model(int seed, int context) {
        Gpt gpt = new Gpt(new GptConfig(VOCAB, context, 1, 2, 8, 0.0), Rng.of(seed));
        gpt.to(DType.FLOAT64);
        gpt.parameters().forEach(each -> each.copyFrom(each.mul(6)));
        gpt.eval();
        return gpt;
    }

    /// The draws of a property come to the same texts again and again.
    private static double[] logP(LanguageModel model, int... text) {
        return KNOWN.get(model)
                .computeIfAbsent(Arrays.stream(text).boxed().toList(), unknown -> computed(model, text))
                .clone();
    }

    private static double[] computed(LanguageModel model, int... text) {
        int[] ids = Arrays.copyOfRange(text, Math.max(0, text.length - model.context()), text.length);
        double[] x = model.lastLogits(Indices.of(ids).reshape(1, ids.length)).toArray();
        double sum = Arrays.stream(x).map(Math::exp).sum();
        return Arrays.stream(x).map(each -> each - Math.log(sum)).toArray();
    }

    private static int largest(double[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            best = x[i] > x[best] ? i : best;
        }
        return best;
    }

    @Property(tries = 200)
    void contrastiveTakesWhatTheExpertFindsLikelier(
            @ForAll @IntRange(max = 6) int first,
            @ForAll @IntRange(max = 6) int second,
            @ForAll @IntRange(min = 1, max = 100) int percent) {
        double alpha = percent / 100.0;
        int[] prompt = {first, second};
        int[] text = new ContrastiveGenerator(GOOD, POOR, alpha, Sampling.greedy(), ALL)
                .generate(prompt, 9, Rng.of(1), id -> true);
        assertThat(text).hasSize(9); // 2 + 9 is one more than the context
        int[] ids = Arrays.copyOf(prompt, 11);
        for (int i = 0; i < 9; i++) {
            double[] good = logP(GOOD, Arrays.copyOf(ids, 2 + i));
            double[] poor = logP(POOR, Arrays.copyOf(ids, 2 + i));
            double most = Arrays.stream(good).max().orElseThrow();
            double[] score = new double[VOCAB];
            for (int x = 0; x < VOCAB; x++) {
                boolean plausible = Math.exp(good[x]) >= alpha * Math.exp(most) * (1 - 1e-12);
                score[x] = plausible ? good[x] - poor[x] : Double.NEGATIVE_INFINITY;
            }
            assertThat(text[i]).isEqualTo(largest(score));
            ids[2 + i] = text[i];
        }
    }

    @Property(tries = 200)
    void guidanceGoesFurtherWhereThePromptPoints(
            @ForAll @IntRange(max = 6) int first,
            @ForAll @IntRange(max = 6) int second,
            @ForAll @IntRange(max = 40) int tenths,
            @ForAll boolean negative) {
        double scale = tenths / 10.0;
        int[] prompt = {first, second};
        int[] other = negative ? new int[] {5, 0, 3} : new int[0];
        int[] text = new GuidedGenerator(GOOD, scale, other, Sampling.greedy(), ALL)
                .generate(prompt, 9, Rng.of(1), id -> true);
        int[] ids = Arrays.copyOf(prompt, 11);
        for (int i = 0; i < text.length; i++) {
            int[] begun = negative ? other : new int[] {second};
            int[] beside = Arrays.copyOf(begun, begun.length + i);
            System.arraycopy(text, 0, beside, begun.length, i);
            double[] with = logP(GOOD, Arrays.copyOf(ids, 2 + i));
            double[] without = logP(GOOD, beside);
            double[] score = new double[VOCAB];
            for (int x = 0; x < VOCAB; x++) {
                score[x] = without[x] + scale * (with[x] - without[x]);
            }
            assertThat(score[text[i]]).isGreaterThanOrEqualTo(score[largest(score)] - 1e-9); // a tie may go either way
            ids[2 + i] = text[i];
        }
    }

    /// γ = 1 is the model itself, and so is an amateur that knows nothing: here the same draws come of both.
    @Test
    void neutralSettingsAreTheModel() {
        int[] plain = new Generator(GOOD, Sampling.defaults()).generate(new int[] {1, 2}, 9, Rng.of(4), id -> true);
        assertThat(new GuidedGenerator(GOOD, 1, new int[0], Sampling.defaults(), ALL)
                        .generate(new int[] {1, 2}, 9, Rng.of(4), id -> true))
                .isEqualTo(plain);
        LanguageModel flat = model(3, 10);
        flat.parameters().forEach(each -> each.copyFrom(each.mul(0)));
        assertThat(new ContrastiveGenerator(GOOD, flat, 1e-9, Sampling.defaults(), ALL)
                        .generate(new int[] {1, 2}, 9, Rng.of(4), id -> true))
                .isEqualTo(plain);
        IntPredicate odd = id -> id % 2 == 1;
        assertThat(new GuidedGenerator(GOOD, 2, new int[0], Sampling.defaults(), odd)
                        .generate(new int[] {1, 2}, 9, Rng.of(4), id -> true))
                .doesNotContain(0, 2, 4, 6);
    }

    @Test
    void badInput() {
        LanguageModel other = new Gpt(new GptConfig(VOCAB + 1, 4, 1, 2, 8, 0.0), Rng.of(1));
        assertThatThrownBy(() -> new ContrastiveGenerator(GOOD, other, 0.1, Sampling.defaults(), ALL))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the expert has 7, the amateur 8");
        assertThatThrownBy(() -> new ContrastiveGenerator(GOOD, POOR, 0, Sampling.defaults(), ALL))
                .hasMessageContaining("alpha must be in (0, 1]");
        assertThatThrownBy(() -> new GuidedGenerator(GOOD, Double.NaN, new int[0], Sampling.defaults(), ALL))
                .hasMessageContaining("got NaN");
        assertThatThrownBy(() -> new GuidedGenerator(GOOD, 2, new int[11], Sampling.defaults(), ALL))
                .isInstanceOf(ConfigException.class);
    }
}
