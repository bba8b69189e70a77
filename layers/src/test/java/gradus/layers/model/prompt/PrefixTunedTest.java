package gradus.layers.model.prompt;

import static gradus.layers.model.prompt.SoftPromptSamples.CONTEXT;
import static gradus.layers.model.prompt.SoftPromptSamples.VOCAB;
import static gradus.layers.model.prompt.SoftPromptSamples.behind;
import static gradus.layers.model.prompt.SoftPromptSamples.ids;
import static gradus.layers.model.prompt.SoftPromptSamples.model;
import static gradus.layers.model.prompt.SoftPromptSamples.quietly;
import static gradus.layers.model.prompt.SoftPromptSamples.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.layers.prompt.PrefixProjection;
import gradus.layers.prompt.PromptTable;
import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Autograd;
import gradus.tensor.DType;
import gradus.tensor.GradientCheck;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Prefix tuning before every kind of decoder.
class PrefixTunedTest {
    /// Logits below 100: the same sums, some in another order.
    private static final double ROUNDING = 1e-11;

    @Provide
    static Arbitrary<String> kinds() {
        return Arbitraries.of(SoftPromptSamples.KINDS.keySet());
    }

    private static PrefixTuned random(LanguageModel base, int count, long seed) {
        return new PrefixTuned(base, new PromptTable(rows(Rng.of(seed), count, PrefixTuned.width(base))));
    }

    /// The keys and values of a text say what the text says, those that rotary positions have rotated too.
    @Property(tries = 200)
    void aPrefixOfATextIsThatText(
            @ForAll("kinds") String kind,
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll long seed) {
        LanguageModel base = model(kind, seed);
        int[] text = ids(Rng.of(seed).at("text"), 1, count).values();
        Indices ids = ids(Rng.of(seed).at("ids"), batch, time);
        double[] expected = quietly(base, behind(text, ids)).slice(1, count).toArray(); // (B, T, V)
        PrefixTuned tuned = new PrefixTuned(base, new PromptTable(PrefixTuned.ofTokens(base, text))).eval();
        Tensor y = quietly(tuned, ids);
        assertThat(y.shape().dims()).containsExactly(batch, time, VOCAB);
        assertThat(y.toArray()).containsExactly(expected, within(ROUNDING));
    }

    /// K key heads of size 2 in each of 2 blocks, where Llama has 4 heads in all.
    @Test
    void widthIsThatOfTheKeyHeads() {
        assertThat(PrefixTuned.width(model("gpt2", 1))).isEqualTo(2 * 2 * 8);
        assertThat(PrefixTuned.width(model("multi-query", 1))).isEqualTo(2 * 2 * 4);
        for (String kind : new String[] {"llama", "qwen2", "mixtral"}) {
            assertThat(PrefixTuned.width(model(kind, 1))).isEqualTo(2 * 2 * 2 * 2);
        }
    }

    /// Keys are used as they are, so that it does not matter which comes first, unless attention itself looks at
    /// distances. Were they rotated, it would.
    @Property(tries = 200)
    void theOrderOfAPrefixDoesNotMatter(
            @ForAll("kinds") String kind, @ForAll @IntRange(min = 2, max = 5) int count, @ForAll long seed) {
        if (kind.equals("alibi") || kind.equals("shaw")) {
            return;
        }
        Indices ids = ids(Rng.of(seed), 2, 4);
        PrefixTuned tuned = random(model(kind, seed), count, seed).eval();
        Tensor turned = tuned.prompt().rows().detach().flip(0);
        PrefixTuned other = new PrefixTuned(model(kind, seed), new PromptTable(turned)).eval();
        assertThat(quietly(other, ids).toArray())
                .containsExactly(quietly(tuned, ids).toArray(), within(ROUNDING));
    }

    /// Positions count on after the prefix: the first token has the position n, and nobody has those before it.
    @Property(tries = 200)
    void tokensHavePositionsBehindThePrefix(@ForAll @IntRange(min = 1, max = 5) int count, @ForAll long seed) {
        LanguageModel base = model("gpt2", seed);
        Tensor wpe = base.namedParameters().get("wpe.weight");
        PrefixTuned tuned = random(base, count, seed).eval();
        Indices ids = ids(Rng.of(seed), 1, 3);
        double[] before = quietly(tuned, ids).toArray();
        Tensor seen = wpe.clone();
        wpe.setSlice(0, 0, Tensor.zeros(count, 8).to(DType.FLOAT64)); // positions of the prefix, which nobody uses
        wpe.setSlice(0, count + 3, Tensor.zeros(CONTEXT - count - 3, 8).to(DType.FLOAT64));
        assertThat(quietly(tuned, ids).toArray()).isEqualTo(before);
        wpe.copyFrom(seen);
        wpe.setSlice(0, count, Tensor.zeros(1, 8).to(DType.FLOAT64));
        assertThat(quietly(tuned, ids).toArray()).isNotEqualTo(before);
    }

    @Property(tries = 200)
    void goesStepByStep(
            @ForAll("kinds") String kind,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 2, max = 8) int time,
            @ForAll @IntRange(min = 1, max = 7) int cut,
            @ForAll long seed) {
        PrefixTuned tuned = random(model(kind, seed), count, seed).eval();
        int from = Math.min(cut, time - 1);
        int[] ids = ids(Rng.of(seed).at("ids"), 1, time).values();
        Tensor whole = quietly(tuned, Indices.of(Shape.of(1, time), ids));
        KvCaches caches = tuned.caches();
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count);
        double[] first = step(tuned, caches, Arrays.copyOf(ids, from));
        assertThat(first).containsExactly(whole.select(1, from - 1).toArray(), within(ROUNDING));
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count - from);
        caches.reorder(Indices.of(0, 0));
        int[] rest = Arrays.copyOfRange(ids, from, time);
        int[] twice = Arrays.copyOf(rest, 2 * rest.length);
        System.arraycopy(rest, 0, twice, rest.length, rest.length);
        double[] last;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            last = tuned.lastLogits(Indices.of(Shape.of(2, rest.length), twice), caches)
                    .select(0, 1)
                    .toArray();
        }
        assertThat(last).containsExactly(whole.select(1, time - 1).toArray(), within(ROUNDING));
        assertThat(caches.length()).isEqualTo(count + time);
    }

    private static double[] step(LanguageModel model, KvCaches caches, int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(1, ids.length), ids), caches)
                    .toArray();
        }
    }

    private static SoftPrompt projection(LanguageModel base, Rng rng) {
        return new PrefixProjection(3, new PrefixProjection.Sizes(4, 5, PrefixTuned.width(base)), rng)
                .to(DType.FLOAT64);
    }

    /// Logits of up to 100 are made about as large as 1, for which the check knows the rounding of its differences.
    @Test
    void gradients() {
        Indices ids = ids(Rng.of(2), 2, 4);
        for (String kind : SoftPromptSamples.KINDS.keySet()) {
            LanguageModel base = model(kind, 4);
            for (PrefixTuned tuned :
                    new PrefixTuned[] {random(base, 3, 5), new PrefixTuned(base, projection(base, Rng.of(3)))}) {
                GradientCheck.sampled(
                                () -> tuned.forward(ids).mul(0.05),
                                tuned.prompt().namedParameters(),
                                10)
                        .requirePass();
                tuned.forward(ids).square().sum().backward();
                assertThat(base.parameters()).allMatch(each -> each.grad() == null && !each.requiresGrad());
                assertThat(tuned.prompt().parameters()).allMatch(each -> each.grad() != null);
            }
        }
    }

    /// The rows that the projection makes, kept as a table, say the same.
    @Property(tries = 200)
    void theProjectionLeavesATable(@ForAll("kinds") String kind, @ForAll long seed) {
        LanguageModel base = model(kind, seed);
        SoftPrompt projection = projection(base, Rng.of(seed));
        Indices ids = ids(Rng.of(seed), 1, 4);
        double[] expected = quietly(new PrefixTuned(base, projection), ids).toArray();
        assertThat(quietly(new PrefixTuned(base, new PromptTable(projection.rows())), ids)
                        .toArray())
                .isEqualTo(expected);
    }

    /// The base says what it said, whatever stands before it in the other model.
    @Test
    void leavesTheBaseAlone() {
        LanguageModel base = model("llama", 1);
        Indices ids = ids(Rng.of(1), 2, 5);
        double[] before = quietly(base, ids).toArray();
        PrefixTuned tuned = random(base, 3, 1);
        assertThat(quietly(tuned, ids).toArray()).isNotEqualTo(before);
        assertThat(quietly(base, ids).toArray()).isEqualTo(before);
        assertThat(tuned.namedParameters().lastEntry().getKey()).isEqualTo("prompt.prompt_embeddings");
    }

    @Test
    void badInput() {
        LanguageModel base = model("llama", 1);
        assertThatThrownBy(() -> random(base, CONTEXT, 1)) // BAD-INPUT 33
                .isInstanceOf(ConfigException.class)
                .hasMessage("soft prompt: 12 virtual tokens leave no room for a token in the context of 12; use fewer");
        assertThatThrownBy(() -> new PrefixTuned(base, new PromptTable(2, 8, Rng.of(1))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("prefix: a row must hold the keys and values of all blocks, 16 numbers; got 8");
        PrefixTuned tuned = random(base, CONTEXT - 3, 1);
        quietly(tuned, Indices.of(Shape.of(1, 3), new int[3]));
        assertThatThrownBy(() -> quietly(tuned, Indices.of(Shape.of(1, 4), new int[4])))
                .isInstanceOf(ConfigException.class)
                .hasMessage("PrefixTuned: 9 virtual tokens and a sequence of 4 are longer than the context of 12;"
                        + " shorten one of them");
        KvCaches caches = tuned.caches();
        step(tuned, caches, 1, 2, 3);
        assertThatThrownBy(() -> step(tuned, caches, 4)).hasMessageContaining("a sequence of 4 are longer");
        assertThatThrownBy(() -> tuned.caches(1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be padded on the left");
        assertThatThrownBy(() -> random(tuned, 1, 1)).hasMessage("soft prompt: the model has one already");
        assertThatThrownBy(() -> PrefixTuned.ofTokens(base, new int[CONTEXT + 1]))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("longer than the context of 12");
        GptConfig gpt = new GptConfig(VOCAB, CONTEXT, 2, 2, 8, 0);
        Gpt byLength = new Gpt(gpt.withPosition(new Positions.DynamicNtk(100, 2, 3)), Rng.of(1));
        assertThatThrownBy(() -> PrefixTuned.width(byLength))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("prefix: Gpt computes the keys and values of earlier tokens anew");
        Gpt bigBird = new Gpt(gpt.withAttention(new Attentions.BigBird(2, 1, 0)), Rng.of(1));
        assertThatThrownBy(() -> PrefixTuned.width(bigBird)).isInstanceOf(ConfigException.class);
    }
}
