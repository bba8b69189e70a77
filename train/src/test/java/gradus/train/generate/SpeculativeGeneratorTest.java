package gradus.train.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.CacheKind;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

class SpeculativeGeneratorTest {
    private static final int VOCAB = 4;
    private static final int CONTEXT = 8;
    private static final IntPredicate ALL = id -> true;
    private static final GptConfig SMALL = new GptConfig(VOCAB, CONTEXT, 1, 2, 8, 0.0);

    /// In double, so that the rounding of other shapes cannot turn a pick; sharpened, so that models differ.
    private static <M extends LanguageModel> M ready(M model) {
        return ready(model, DType.FLOAT64);
    }

    private static <M extends LanguageModel> M ready(M model, DType dtype) {
        model.to(dtype);
        model.parameters().forEach(each -> each.copyFrom(each.mul(6)));
        model.eval();
        return model;
    }

    private static final LanguageModel TARGET = ready(new Gpt(SMALL, Rng.of(1)));
    private static final LanguageModel DRAFT = ready(new Gpt(SMALL, Rng.of(2)));
    private static final LanguageModel ROLLING = ready(
            new Gpt(SMALL.withAttention(new Attentions.SlidingWindow(3, 2)).withCache(CacheKind.ROLLING), Rng.of(3)));
    private static final LanguageModel LLAMA = ready(new Llama(
            LlamaConfig.of(8, 2, 2).withVocabSize(VOCAB).withContext(5).withHidden(12), Rng.of(4)));
    private static final LanguageModel QUICK = ready(new Gpt(SMALL, Rng.of(1)), DType.FLOAT32);
    private static final LanguageModel QUICK_DRAFT = ready(new Gpt(SMALL, Rng.of(2)), DType.FLOAT32);
    private static final List<LanguageModel> MODELS = List.of(TARGET, DRAFT, ROLLING, LLAMA);

    private static SpeculativeGenerator of(LanguageModel target, LanguageModel draft, int ahead, Sampling sampling) {
        return new SpeculativeGenerator(target, draft, ahead, sampling, ALL);
    }

    /// Also where caches forget, where the draft's context ends first, and with a prompt as long as the
    /// context.
    @Property(tries = 200)
    void greedyIsTheTargetsOwn(
            @ForAll @IntRange(max = 3) int target,
            @ForAll @IntRange(max = 3) int draft,
            @ForAll @IntRange(min = 1, max = 6) int ahead,
            @ForAll @IntRange(min = 1, max = CONTEXT) int length,
            @ForAll @IntRange(max = 10) int limit,
            @ForAll @IntRange(max = 2) int penalty,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        Sampling greedy = Sampling.greedy().withRepetitionPenalty(Math.pow(3, penalty)); // of the text so far
        LanguageModel model = MODELS.get(target);
        Rng rng = Rng.of(seed);
        int[] prompt = new int[Math.min(length, model.context())];
        Arrays.setAll(prompt, i -> rng.index(i, VOCAB));
        int room = Math.min(limit, model.context() - prompt.length + 1);
        int[] plain = new Generator(model, greedy).generate(prompt, room, rng, id -> true);
        SpeculativeGenerator fast = of(model, MODELS.get(draft), ahead, greedy);
        assertThat(fast.generate(prompt, limit, rng, id -> true)).isEqualTo(plain);
        assertThat(fast.report().tokens()).isEqualTo(room);
        assertThat(fast.report().accepted()).isLessThanOrEqualTo(fast.report().tested());
    }

    /// Every pass then gives γ + 1 tokens, until the limit.
    @Property(tries = 200)
    void aDraftThatIsTheTargetIsAlwaysAccepted(
            @ForAll @IntRange(min = 1, max = 5) int ahead, @ForAll @IntRange(max = 1_000_000) int seed) {
        SpeculativeGenerator fast = of(TARGET, TARGET, ahead, Sampling.defaults());
        int[] text = fast.generate(new int[] {1}, CONTEXT, Rng.of(seed), id -> true);
        assertThat(text).hasSize(CONTEXT);
        assertThat(fast.report().acceptRate()).isEqualTo(1);
        assertThat(fast.report().passes()).isEqualTo(Math.ceilDiv(CONTEXT, ahead + 1));
    }

    /// All 64 texts of three tokens with their exact probabilities; those expected less than 5 times count as
    /// one. χ² of as many cells, less one, is above its bound once in a thousand times. The seed is fixed.
    @Test
    void theDistributionIsTheTargets() {
        requireTargetsDistribution(Sampling.defaults(), 3);
        requireTargetsDistribution(Sampling.defaults().withTemperature(0.7).withTopK(3), 1);
        requireTargetsDistribution(Sampling.defaults().withTopP(0.8).withRepetitionPenalty(1.3), 2);
    }

    private static void requireTargetsDistribution(Sampling sampling, int ahead) {
        int[] prompt = {1, 3};
        double[] expected = new double[64];
        exact(prompt, sampling, 0, 1, expected, 0);
        long[] seen = new long[64];
        int draws = 1500;
        SpeculativeGenerator fast = of(QUICK, QUICK_DRAFT, ahead, sampling);
        for (int i = 0; i < draws; i++) {
            int[] text = fast.generate(prompt, 3, Rng.of(11).at(i), id -> true);
            seen[16 * text[0] + 4 * text[1] + text[2]]++;
        }
        double chi = 0;
        double rare = 0;
        long seenRare = 0;
        int cells = 0;
        for (int i = 0; i < 64; i++) {
            double mean = draws * expected[i];
            assertThat(expected[i] == 0 && seen[i] > 0).isFalse();
            if (mean < 5) {
                rare += mean;
                seenRare += seen[i];
            } else {
                chi += Math.pow(seen[i] - mean, 2) / mean;
                cells++;
            }
        }
        chi += rare == 0 ? 0 : Math.pow(seenRare - rare, 2) / rare;
        cells += rare == 0 ? 0 : 1;
        assertThat(chi)
                .as("%s, %s ahead", sampling, ahead)
                .isLessThan(new ChiSquaredDistribution(cells - 1).inverseCumulativeProbability(0.999));
        assertThat(fast.report().acceptRate()).isBetween(0.05, 0.98); // neither line is idle
    }

    private static void exact(int[] ids, Sampling sampling, int depth, double p, double[] into, int at) {
        if (depth == 3) {
            into[at] = p;
            return;
        }
        double[] logits =
                TARGET.lastLogits(Indices.of(ids).reshape(1, ids.length)).toArray();
        double[] next = sampling.distribution(logits, ids);
        for (int x = 0; x < VOCAB; x++) {
            int[] more = Arrays.copyOf(ids, ids.length + 1);
            more[ids.length] = x;
            exact(more, sampling, depth + 1, p * next[x], into, VOCAB * at + x);
        }
    }

    /// Leviathan et al.'s algorithm 1 over distributions of whole texts, with number i of each stream for token i. That
    /// rounding of 1e-15 turns one of 2000 picks comes up once in 10⁸ runs.
    @Property(tries = 100)
    void eachTokenIsDrawnByItsNumbers(
            @ForAll @IntRange(min = 1, max = 4) int ahead,
            @ForAll @IntRange(min = 1, max = 6) int limit,
            @ForAll @IntRange(max = 1_000_000) int seed) {
        int[] prompt = {1, 3};
        Rng rng = Rng.of(seed);
        int[] text = prompt;
        int end = prompt.length + limit;
        int passes = 0;
        int tested = 0;
        int accepted = 0;
        while (text.length < end) {
            int[] drafted = text;
            for (int i = 0; i < ahead && drafted.length < end - 1; i++) {
                int place = drafted.length - prompt.length;
                drafted =
                        with(drafted, pick(next(DRAFT, drafted), rng.at("draft").uniform(place)));
            }
            int[] read = text;
            boolean all = true;
            for (int i = text.length; i < drafted.length && all; i++) {
                int place = i - prompt.length;
                double[] p = next(TARGET, read);
                double[] q = next(DRAFT, read);
                int x = drafted[i];
                tested++;
                all = rng.at("accept").uniform(place) < p[x] / q[x];
                accepted += all ? 1 : 0;
                double rest = 0;
                double[] left = new double[VOCAB];
                for (int v = 0; v < VOCAB; v++) {
                    left[v] = Math.max(0, p[v] - q[v]);
                    rest += left[v];
                }
                for (int v = 0; v < VOCAB; v++) {
                    left[v] /= rest;
                }
                read = with(read, all ? x : pick(left, rng.at("replace").uniform(place)));
            }
            text = all
                    ? with(read, pick(next(TARGET, read), rng.at("replace").uniform(read.length - prompt.length)))
                    : read;
            passes++;
        }
        SpeculativeGenerator fast = of(TARGET, DRAFT, ahead, Sampling.defaults());
        assertThat(fast.generate(prompt, limit, rng, id -> true))
                .isEqualTo(Arrays.copyOfRange(text, prompt.length, text.length));
        assertThat(fast.report()).isEqualTo(new SpeculativeGenerator.Report(limit, passes, tested, accepted));
        assertThat(fast.report().tokensPerPass()).isEqualTo((double) limit / passes);
    }

    private static double[] next(LanguageModel model, int[] ids) {
        double[] logits =
                model.lastLogits(Indices.of(ids).reshape(1, ids.length)).toArray();
        return Sampling.defaults().distribution(logits, ids);
    }

    private static int pick(double[] distribution, double uniform) {
        int token = 0;
        for (double mass = distribution[0]; uniform >= mass && token < VOCAB - 1; ) {
            mass += distribution[++token];
        }
        return token;
    }

    private static int[] with(int[] ids, int more) {
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = more;
        return longer;
    }

    /// What follows the token that ended the text is neither shown nor kept.
    @Property(tries = 200)
    void anEndWithinTheDraft(@ForAll @IntRange(max = 3) int end, @ForAll @IntRange(max = 1_000_000) int seed) {
        int[] heard = {0};
        int[] text = of(QUICK, QUICK, 5, Sampling.defaults()).generate(new int[] {2}, CONTEXT, Rng.of(seed), id -> {
            heard[0]++;
            return id != end;
        });
        assertThat(heard[0]).isEqualTo(text.length);
        for (int i = 0; i < text.length - 1; i++) {
            assertThat(text[i]).isNotEqualTo(end);
        }
        assertThat(text.length == CONTEXT || text[text.length - 1] == end).isTrue();
    }

    @Test
    void onlyDrawableTokensAreDrawn() {
        SpeculativeGenerator fast =
                new SpeculativeGenerator(QUICK, QUICK_DRAFT, 3, Sampling.defaults(), id -> id == 0 || id == 2);
        for (int seed = 0; seed < 8; seed++) {
            assertThat(fast.generate(new int[] {1}, 6, Rng.of(seed), id -> true))
                    .doesNotContain(1, 3);
        }
    }

    @Test
    void badInput() {
        LanguageModel other = new Gpt(SMALL.withVocabSize(5), Rng.of(1));
        LanguageModel uncached = new Gpt(SMALL.withPosition(new Positions.DynamicNtk(10_000, 2, 8)), Rng.of(1));
        assertThatThrownBy(() -> of(TARGET, other, 4, Sampling.defaults()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("target and draft must have the same tokens; the target has 4, the draft 5");
        assertThatThrownBy(() -> of(TARGET, uncached, 4, Sampling.defaults())).hasMessageContaining("the draft cannot");
        assertThatThrownBy(() -> of(uncached, DRAFT, 4, Sampling.defaults())).hasMessageContaining("the target cannot");
        assertThatThrownBy(() -> of(TARGET, DRAFT, 0, Sampling.defaults())).hasMessageContaining("got 0");
        SpeculativeGenerator fast = of(TARGET, DRAFT, 2, Sampling.defaults());
        assertThatThrownBy(() -> fast.generate(new int[CONTEXT + 1], 3, Rng.of(1), id -> true))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> fast.generate(new int[] {1}, -1, Rng.of(1), id -> true))
                .hasMessageContaining("got -1");
        assertThat(fast.generate(new int[] {1}, 0, Rng.of(1), id -> true)).isEmpty();
    }
}
