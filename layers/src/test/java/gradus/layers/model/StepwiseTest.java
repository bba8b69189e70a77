package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.config.AttentionChoice;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import gradus.layers.position.DynamicNtk;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Models that go step by step with caches say what they say of whole sequences.
class StepwiseTest {
    private static final Rng RNG = Rng.of(9);
    private static final int VOCAB = 7;
    private static final int TIME = 8;
    private static final GptConfig BASE = new GptConfig(VOCAB, TIME, 2, 2, 8, 0);

    private static final List<AttentionChoice> ATTENTIONS = List.of(
            new Attentions.MultiHead(),
            new Attentions.MultiQuery(),
            new Attentions.SlidingWindow(3, 1),
            new Attentions.Strided(3),
            new Attentions.Fixed(3, 1, 0),
            new Attentions.Fixed(3, 1, 1));

    private static final List<PositionChoice> POSITIONS = List.of(
            new Positions.Learned(),
            new Positions.None(),
            new Positions.Sinusoidal(),
            new Positions.Alibi(),
            new Positions.T5(),
            new Positions.Rope(100),
            new Positions.Yarn(100, 2, 0),
            new Positions.DualChunk(100, 3, 5),
            new Positions.Shaw(3),
            new Positions.TransformerXl());

    private static LanguageModel ready(LanguageModel model) {
        model.to(DType.FLOAT64);
        model.eval();
        return model;
    }

    private static double[] whole(LanguageModel model, int... ids) {
        try (var pause = Autograd.noGrad()) {
            return model.lastLogits(Indices.of(Shape.of(1, ids.length), ids)).toArray();
        }
    }

    /// After every token of a sequence, the logits that one pass over all of it gives: causal as these models
    /// are, the last ones of every beginning.
    private static double[][] everywhere(LanguageModel model, int... ids) {
        try (var pause = Autograd.noGrad()) {
            double[] all =
                    model.forward(Indices.of(Shape.of(1, ids.length), ids)).toArray(); // (1, T, V)
            return IntStream.range(0, ids.length).mapToObj(t -> row(all, t)).toArray(double[][]::new);
        }
    }

    private static double[] step(LanguageModel model, KvCaches caches, int rows, int... ids) {
        try (var pause = Autograd.noGrad()) {
            return model.lastLogits(Indices.of(Shape.of(rows, ids.length / rows), ids), caches)
                    .toArray();
        }
    }

    private static void assertNear(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .isLessThan(1e-12); // logits below 10: the same sums in another order
        }
    }

    @Property(tries = 200)
    void anySplitGivesWhatTheWholeGives(
            @ForAll("models") LanguageModel model, @ForAll("splits") int[] ends, @ForAll long seed) {
        int[] ids =
                IntStream.range(0, TIME).map(i -> Rng.of(seed).index(i, VOCAB)).toArray();
        KvCaches caches = model.caches();
        int from = 0;
        double[][] expected = everywhere(model, ids);
        double[] logits = null;
        for (int end : ends) {
            logits = step(model, caches, 1, Arrays.copyOfRange(ids, from, end));
            assertNear(logits, expected[end - 1]);
            from = end;
        }
        assertNear(logits, whole(model, Arrays.copyOf(ids, from)));
        assertThat(caches.length()).isEqualTo(from);
    }

    /// Sequences of 5, 2 and 3 tokens side by side, each as if it were alone; then the last and the first go on.
    @Property(tries = 200)
    void paddingChangesNothing(@ForAll("models") LanguageModel model) {
        if (!model.supportsLeftPadding()) {
            return;
        }
        KvCaches caches = model.caches(0, 3, 2);
        double[] logits = step(model, caches, 3, 1, 2, 3, 4, 5, 0, 0, 0, 6, 1, 0, 0, 2, 4, 6);
        double[][] first = everywhere(model, 1, 2, 3, 4, 5, 4, 0);
        double[][] last = everywhere(model, 2, 4, 6, 5, 3);
        assertNear(row(logits, 0), first[4]);
        assertNear(row(logits, 1), whole(model, 6, 1));
        assertNear(row(logits, 2), last[2]);
        caches.reorder(Indices.of(2, 0));
        logits = step(model, caches, 2, 5, 3, 4, 0);
        assertNear(row(logits, 0), last[4]);
        assertNear(row(logits, 1), first[6]);
    }

    private static double[] row(double[] logits, int row) {
        return Arrays.copyOfRange(logits, row * VOCAB, (row + 1) * VOCAB);
    }

    @Test
    void knowsWhichModelsCannot() {
        Gpt bigBird = new Gpt(BASE.withAttention(new Attentions.BigBird(2, 1, 0)), RNG);
        assertThat(bigBird.cacheable()).isFalse();
        Gpt chunks = new Gpt(BASE.withPosition(new Positions.DualChunk(100, 3, 5)), RNG);
        assertThat(chunks.cacheable()).isTrue();
        assertThat(chunks.supportsLeftPadding()).isFalse();
        assertThatThrownBy(() -> chunks.caches(1, 0)).isInstanceOf(ConfigException.class);
        // A longer sequence rotates all its tokens by other frequencies, so the second block meets other values.
        Gpt byLength = new Gpt(BASE.withPosition(new Positions.DynamicNtk(100, 2, 3)), RNG);
        assertThat(byLength.cacheable()).isFalse();
        assertThatThrownBy(byLength::caches)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nothing can be cached");
        assertThat(new Llama(llama().withFrequencies(new DynamicNtk(100, 2, 4)), RNG).cacheable())
                .isFalse();
    }

    @Test
    void badInput() {
        Gpt gpt = new Gpt(BASE, RNG);
        KvCaches caches = gpt.caches();
        step(gpt, caches, 1, 1, 2, 3, 4, 5);
        assertThatThrownBy(() -> step(gpt, caches, 1, 1, 2, 3, 4)) // BAD-INPUT 40
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("9 tokens")
                .hasMessageContaining("context of 8");
        assertThatThrownBy(() -> gpt.caches(1, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> caches.get(0).padLeft(1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("5 positions are stored");
    }

    private static LlamaConfig llama() {
        return LlamaConfig.of(8, 2, 2)
                .withVocabSize(VOCAB)
                .withContext(TIME)
                .withKvHeads(1)
                .withHidden(12);
    }

    /// Models of every make, each with weights of its own.
    @Provide
    static Arbitrary<LanguageModel> models() {
        Arbitrary<Function<Rng, LanguageModel>> gpts = Arbitraries.of(ATTENTIONS)
                .flatMap(attention -> Arbitraries.of(POSITIONS)
                        .map(position ->
                                rng -> new Gpt(BASE.withAttention(attention).withPosition(position), rng)));
        Arbitrary<Function<Rng, LanguageModel>> others = Arbitraries.of(
                rng -> new Llama(llama(), rng), rng -> new Qwen2(llama(), rng), rng -> new Mixtral(llama(), 3, 2, rng));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, gpts), net.jqwik.api.Tuple.of(1, others))
                .flatMap(make -> Arbitraries.longs().map(seed -> ready(make.apply(Rng.of(seed)))));
    }

    /// Where the pieces of a sequence end.
    @Provide
    static Arbitrary<int[]> splits() {
        return Arbitraries.integers()
                .between(1, TIME)
                .set()
                .ofMinSize(1)
                .map(ends -> ends.stream().mapToInt(Integer::intValue).sorted().toArray());
    }
}
