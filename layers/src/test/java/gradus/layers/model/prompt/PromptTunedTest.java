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
import gradus.layers.attention.cache.PackedDocuments;
import gradus.layers.model.LanguageModel;
import gradus.layers.prompt.LstmEncoder;
import gradus.layers.prompt.MlpEncoder;
import gradus.layers.prompt.PromptTable;
import gradus.layers.prompt.SoftPrompt;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.Autograd;
import gradus.tensor.DType;
import gradus.tensor.GradientCheck;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Prompt tuning and P-tuning before every kind of decoder.
class PromptTunedTest {
    /// Logits below 100: the same sums, some in another order.
    private static final double ROUNDING = 1e-11;

    @Provide
    static Arbitrary<String> kinds() {
        return Arbitraries.of(SoftPromptSamples.KINDS.keySet());
    }

    private static PromptTuned random(LanguageModel base, int count, long seed) {
        return new PromptTuned(base, new PromptTable(rows(Rng.of(seed).at("rows"), count, 8)));
    }

    /// The vectors of some tokens say what the tokens say: values, positions, and which outputs are left out.
    @Property(tries = 200)
    void aPromptOfATextIsThatText(
            @ForAll("kinds") String kind,
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll long seed) {
        LanguageModel base = model(kind, seed);
        int[] text = ids(Rng.of(seed).at("text"), 1, count).values();
        Indices ids = ids(Rng.of(seed).at("ids"), batch, time);
        double[] expected = quietly(base, behind(text, ids)).slice(1, count).toArray(); // (B, T, V)
        Tensor start = PromptTuned.tokens(base).weight().embedding(Indices.of(text));
        PromptTuned tuned = new PromptTuned(base, new PromptTable(start)).eval();
        Tensor y = quietly(tuned, ids);
        assertThat(y.shape().dims()).containsExactly(batch, time, VOCAB);
        assertThat(y.toArray()).containsExactly(expected, within(ROUNDING));
        assertThat(tuned.hiddenStates(ids).dim(1)).isEqualTo(time);
    }

    /// Whatever the prompt, with caches a sequence may come in any two parts.
    @Property(tries = 200)
    void goesStepByStep(
            @ForAll("kinds") String kind,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 2, max = 8) int time,
            @ForAll @IntRange(min = 1, max = 7) int cut,
            @ForAll long seed) {
        PromptTuned tuned = random(model(kind, seed), count, seed).eval();
        int from = Math.min(cut, time - 1);
        int[] ids = ids(Rng.of(seed).at("ids"), 1, time).values();
        Tensor whole = quietly(tuned, Indices.of(Shape.of(1, time), ids));
        KvCaches caches = tuned.caches();
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count);
        double[] first = step(tuned, caches, 1, Arrays.copyOf(ids, from));
        assertThat(first).containsExactly(whole.select(1, from - 1).toArray(), within(ROUNDING));
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count - from);
        double[] last = step(tuned, caches, 1, Arrays.copyOfRange(ids, from, time));
        assertThat(last).containsExactly(whole.select(1, time - 1).toArray(), within(ROUNDING));
        assertThat(caches.length()).isEqualTo(count + time);
    }

    private static double[] step(LanguageModel model, KvCaches caches, int rows, int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(rows, ids.length / rows), ids), caches)
                    .toArray();
        }
    }

    /// Sequences of 5, 2 and 3 tokens side by side, each as if it were alone; then the last and the first go on.
    @Property(tries = 200)
    void paddingComesBeforeThePrompt(
            @ForAll("kinds") String kind, @ForAll @IntRange(min = 1, max = 4) int count, @ForAll long seed) {
        PromptTuned tuned = random(model(kind, seed), count, seed).eval();
        if (!tuned.supportsLeftPadding()) {
            return;
        }
        KvCaches caches = tuned.caches(0, 3, 2);
        double[] logits = step(tuned, caches, 3, 1, 2, 3, 4, 5, 0, 0, 0, 6, 1, 0, 0, 2, 4, 6);
        assertThat(row(logits, 0)).containsExactly(alone(tuned, 1, 2, 3, 4, 5), within(ROUNDING));
        assertThat(row(logits, 1)).containsExactly(alone(tuned, 6, 1), within(ROUNDING));
        assertThat(row(logits, 2)).containsExactly(alone(tuned, 2, 4, 6), within(ROUNDING));
        caches.reorder(Indices.of(2, 0));
        logits = step(tuned, caches, 2, 5, 4);
        assertThat(row(logits, 0)).containsExactly(alone(tuned, 2, 4, 6, 5), within(ROUNDING));
        assertThat(row(logits, 1)).containsExactly(alone(tuned, 1, 2, 3, 4, 5, 4), within(ROUNDING));
    }

    private static double[] row(double[] logits, int row) {
        return Arrays.copyOfRange(logits, row * VOCAB, (row + 1) * VOCAB);
    }

    private static double[] alone(LanguageModel model, int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(1, ids.length), ids)).toArray();
        }
    }

    /// Every kind can be padded whose base can.
    @Test
    void mostKindsTakePadding() {
        assertThat(SoftPromptSamples.KINDS.keySet().stream()
                        .filter(kind -> random(model(kind, 1), 2, 1).supportsLeftPadding()))
                .contains("gpt2", "rope", "llama", "qwen2", "mixtral");
    }

    /// A model that has virtual tokens but is given none is the model; and so it is again without them.
    @Property(tries = 200)
    void noVirtualTokensAreNoChange(@ForAll("kinds") String kind, @ForAll long seed) {
        LanguageModel base = model(kind, seed);
        Indices ids = ids(Rng.of(seed), 2, 5);
        double[] before = quietly(base, ids).toArray();
        PromptTuned tuned = random(base, 3, seed);
        assertThat(quietly(base, ids).toArray()).isEqualTo(before);
        assertThat(quietly(tuned, ids).toArray()).isNotEqualTo(before);
        tuned.detach();
        assertThat(quietly(base, ids).toArray()).isEqualTo(before);
    }

    private static SoftPrompt[] prompts(Rng rng) {
        return new SoftPrompt[] {
            new PromptTable(3, 8, rng),
            new MlpEncoder(3, 8, 5, rng),
            new LstmEncoder(3, LstmConfig.of(8, 2).withLayers(2), rng)
        };
    }

    /// Logits of up to 100 are made about as large as 1, for which the check knows the rounding of its differences.
    @Test
    void gradients() {
        Indices ids = ids(Rng.of(2), 2, 4);
        for (String kind : SoftPromptSamples.KINDS.keySet()) {
            for (SoftPrompt prompt : prompts(Rng.of(3))) {
                prompt.to(DType.FLOAT64);
                PromptTuned tuned = new PromptTuned(model(kind, 4), prompt);
                GradientCheck.sampled(() -> tuned.forward(ids).mul(0.05), prompt.namedParameters(), 10)
                        .requirePass();
                tuned.forward(ids).sum().backward();
                assertThat(tuned.base().parameters()).allMatch(each -> each.grad() == null && !each.requiresGrad());
                assertThat(prompt.parameters()).allMatch(each -> each.grad() != null);
            }
        }
    }

    /// Recomputing blocks in the backward pass leaves the prompt its gradient.
    @Test
    void gradientCheckpointing() {
        Indices ids = ids(Rng.of(2), 2, 4);
        PromptTuned tuned = random(model("llama", 4), 3, 5);
        tuned.train();
        tuned.forward(ids).square().sum().backward();
        Tensor table = tuned.prompt().rows();
        double[] expected = table.grad().toArray();
        table.zeroGrad();
        tuned.checkpointing(true);
        tuned.forward(ids).square().sum().backward();
        assertThat(table.grad().toArray()).isEqualTo(expected);
    }

    /// The rows that an encoder makes, kept as a table, say the same.
    @Property(tries = 200)
    void encodersLeaveATable(@ForAll("kinds") String kind, @ForAll boolean lstm, @ForAll long seed) {
        SoftPrompt encoder = prompts(Rng.of(seed))[lstm ? 2 : 1].to(DType.FLOAT64);
        Indices ids = ids(Rng.of(seed), 1, 4);
        PromptTuned encoded = new PromptTuned(model(kind, seed), encoder);
        PromptTuned plain = new PromptTuned(model(kind, seed), new PromptTable(encoder.rows()));
        assertThat(quietly(plain, ids).toArray())
                .isEqualTo(quietly(encoded, ids).toArray());
    }

    @Test
    void parametersAreTheBasesAndThePrompts() {
        LanguageModel base = model("llama", 1);
        var names = new ArrayList<>(base.namedParameters().keySet());
        PromptTuned tuned = random(base, 2, 1);
        names.add("prompt.prompt_embeddings");
        assertThat(tuned.namedParameters().keySet()).containsExactlyElementsOf(names);
        assertThat(tuned.namedParameters().values().stream().filter(Tensor::requiresGrad))
                .containsExactly(tuned.prompt().rows());
        assertThat(tuned.vocabSize()).isEqualTo(VOCAB);
        assertThat(tuned.context()).isEqualTo(CONTEXT - 2);
    }

    @Test
    void badInput() {
        LanguageModel base = model("gpt2", 1);
        for (int count : new int[] {CONTEXT, CONTEXT + 1}) { // BAD-INPUT 33
            assertThatThrownBy(() -> random(base, count, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "soft prompt: %d virtual tokens leave no room for a token in the context of 12; use fewer"
                                    .formatted(count));
        }
        assertThatThrownBy(() -> new PromptTuned(base, new PromptTable(2, 5, Rng.of(1))))
                .isInstanceOf(ConfigException.class)
                .hasMessage("soft prompt: its rows must have the size of an embedding, 8; got 5");
        PromptTuned tuned = random(base, CONTEXT - 3, 1);
        quietly(tuned, Indices.of(Shape.of(1, 3), new int[3]));
        assertThatThrownBy(() -> quietly(tuned, Indices.of(Shape.of(1, 4), new int[4])))
                .isInstanceOf(ConfigException.class)
                .hasMessage("PromptTuned: 9 virtual tokens and a sequence of 4 are longer than the context of 12;"
                        + " shorten one of them");
        KvCaches caches = tuned.caches();
        step(tuned, caches, 1, 1, 2);
        step(tuned, caches, 1, 3);
        assertThatThrownBy(() -> step(tuned, caches, 1, 4)).hasMessageContaining("a sequence of 4 are longer");
        assertThatThrownBy(() -> random(tuned, 1, 1)).hasMessage("soft prompt: the model has one already");
        PackedDocuments documents = PackedDocuments.of(3, new int[] {1, 2});
        assertThatThrownBy(() -> tuned.forward(Indices.of(Shape.of(1, 3), new int[3]), documents))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("virtual tokens stand before every document, so documents cannot share a row");
        assertThatThrownBy(() -> random(base, 1, 1)).hasMessageContaining("already has an adapter");
    }
}
