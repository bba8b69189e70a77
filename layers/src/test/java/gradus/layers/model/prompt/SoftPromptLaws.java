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
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.SoftPromptSamples.Kind;
import gradus.layers.prompt.PromptTable;
import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Autograd;
import gradus.tensor.GradientCheck;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What every soft prompt must do, before every kind of decoder, whatever its rows mean to the model.
abstract class SoftPromptLaws {
    @Provide
    static Arbitrary<Kind> kinds() {
        return Arbitraries.of(SoftPromptSamples.kinds());
    }

    abstract SoftPrompted put(LanguageModel base, SoftPrompt prompt);

    /// Size of a row.
    abstract int width(LanguageModel base);

    /// The rows that are to say what a text says.
    ///
    /// **Shapes** → (n, width)
    abstract Tensor ofText(LanguageModel base, int... text);

    /// Networks that make rows for a model.
    abstract List<SoftPrompt> encoders(LanguageModel base, Rng rng);

    final SoftPrompted random(LanguageModel base, int count, long seed) {
        Tensor rows = rows(Rng.of(seed).at("rows"), count, width(base));
        return put(base, new PromptTable(rows.to(dtype(base))));
    }

    private static DType dtype(LanguageModel model) {
        return model.parameters().getFirst().dtype();
    }

    /// Values, positions, and which outputs are left out.
    @Property(tries = 200)
    void aPromptOfATextIsThatText(
            @ForAll("kinds") Kind kind,
            @ForAll @IntRange(min = 1, max = 6) int count,
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll long seed) {
        LanguageModel base = kind.model(seed);
        int[] text = ids(Rng.of(seed).at("text"), 1, count).values();
        Indices ids = ids(Rng.of(seed).at("ids"), batch, time);
        double[] expected = quietly(base, behind(text, ids)).slice(1, count).toArray(); // (B, T, V)
        SoftPrompted tuned = put(base, new PromptTable(ofText(base, text))).eval();
        Tensor y = quietly(tuned, ids);
        assertThat(y.shape().dims()).containsExactly(batch, time, VOCAB);
        assertThat(y.toArray()).containsExactly(expected, within(kind.rounding()));
        assertThat(tuned.hiddenStates(ids).dim(1)).isEqualTo(time);
    }

    /// Whatever the prompt, with caches a sequence may come in any two parts, and go on beside itself.
    @Property(tries = 200)
    void goesStepByStep(
            @ForAll("kinds") Kind kind,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 2, max = 8) int time,
            @ForAll @IntRange(min = 1, max = 7) int cut,
            @ForAll long seed) {
        SoftPrompted tuned = random(kind.model(seed), count, seed).eval();
        int from = Math.min(cut, time - 1);
        int[] ids = ids(Rng.of(seed).at("ids"), 1, time).values();
        Tensor whole = quietly(tuned, Indices.of(Shape.of(1, time), ids));
        KvCaches caches = tuned.caches();
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count);
        double[] first = step(tuned, caches, 1, Arrays.copyOf(ids, from));
        assertThat(first).containsExactly(whole.select(1, from - 1).toArray(), within(kind.rounding()));
        assertThat(tuned.room(caches)).isEqualTo(CONTEXT - count - from);
        caches.reorder(Indices.of(0, 0));
        int[] rest = Arrays.copyOfRange(ids, from, time);
        int[] twice = Arrays.copyOf(rest, 2 * rest.length);
        System.arraycopy(rest, 0, twice, rest.length, rest.length);
        double[] last = step(tuned, caches, 2, twice);
        double[] expected = whole.select(1, time - 1).toArray();
        assertThat(row(last, 0)).containsExactly(expected, within(kind.rounding()));
        assertThat(row(last, 1)).containsExactly(expected, within(kind.rounding()));
        assertThat(caches.length()).isEqualTo(count + time);
    }

    /// The last logits of so many sequences.
    static double[] step(LanguageModel model, KvCaches caches, int rows, int... ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return model.lastLogits(Indices.of(Shape.of(rows, ids.length / rows), ids), caches)
                    .toArray();
        }
    }

    static double[] row(double[] logits, int row) {
        return Arrays.copyOfRange(logits, row * VOCAB, (row + 1) * VOCAB);
    }

    /// The rows that an encoder makes, kept as a table, say the same.
    @Property(tries = 100)
    void encodersLeaveATable(@ForAll("kinds") Kind kind, @ForAll @IntRange(max = 1) int which, @ForAll long seed) {
        LanguageModel base = kind.model(seed);
        List<SoftPrompt> encoders = encoders(base, Rng.of(seed));
        SoftPrompt encoder = encoders.get(which % encoders.size()).to(kind.dtype());
        Indices ids = ids(Rng.of(seed), 1, 4);
        double[] expected = quietly(put(base, encoder), ids).toArray();
        PromptTable table = new PromptTable(encoder.rows());
        assertThat(quietly(put(kind.model(seed), table), ids).toArray()).isEqualTo(expected);
    }

    /// A table before each decoder that lets gradients pass in a way of its own (none, ALiBi, sinusoidal,
    /// rotary and Qwen2 are on the same ways as these), and a network, whose own gradients are checked by
    /// themselves: in ten directions in which all parameters move. Logits of up to 100 are made about as
    /// large as 1, for which the check knows the rounding of its differences.
    @Test
    void gradients() {
        for (String kind : List.of("gpt2", "shaw", "multi-query", "llama", "mixtral")) {
            requireRightGradients(random(model(kind, 4), 3, 5));
        }
        LanguageModel base = model("llama", 4);
        requireRightGradients(put(base, encoders(base, Rng.of(3)).getLast().to(DType.FLOAT64)));
    }

    private static void requireRightGradients(SoftPrompted tuned) {
        Indices ids = ids(Rng.of(2), 2, 4);
        SoftPrompt prompt = tuned.prompt();
        GradientCheck.sampled(() -> tuned.forward(ids).mul(0.05), prompt.namedParameters(), 1)
                .requirePass();
        tuned.forward(ids).square().sum().backward();
        assertThat(tuned.base().parameters()).allMatch(each -> each.grad() == null && !each.requiresGrad());
        assertThat(prompt.parameters()).allMatch(each -> each.grad() != null);
    }

    /// Recomputing blocks in the backward pass leaves the prompt its gradient.
    @Test
    void gradientCheckpointing() {
        Indices ids = ids(Rng.of(2), 2, 4);
        SoftPrompted tuned = random(model("llama", 4), 3, 5);
        tuned.train();
        tuned.forward(ids).square().sum().backward();
        Tensor table = tuned.prompt().rows();
        double[] expected = table.grad().toArray();
        table.zeroGrad();
        tuned.checkpointing(true);
        tuned.forward(ids).square().sum().backward();
        assertThat(table.grad().toArray()).isEqualTo(expected);
    }

    /// The base says what it said, whatever stands before it in the other model.
    @Property(tries = 100)
    void leavesTheBaseAlone(@ForAll("kinds") Kind kind, @ForAll long seed) {
        LanguageModel base = kind.model(seed);
        Indices ids = ids(Rng.of(seed), 2, 5);
        double[] before = quietly(base, ids).toArray();
        SoftPrompted tuned = random(base, 3, seed);
        assertThat(quietly(base, ids).toArray()).isEqualTo(before);
        assertThat(quietly(tuned, ids).toArray()).isNotEqualTo(before);
    }

    @Test
    void parametersAreTheBasesAndThePrompts() {
        LanguageModel base = model("llama", 1);
        var names = new ArrayList<>(base.namedParameters().keySet());
        SoftPrompted tuned = random(base, 2, 1);
        names.add("prompt.prompt_embeddings");
        assertThat(tuned.namedParameters().keySet()).containsExactlyElementsOf(names);
        assertThat(tuned.namedParameters().values().stream().filter(Tensor::requiresGrad))
                .containsExactly(tuned.prompt().rows());
        assertThat(tuned.vocabSize()).isEqualTo(VOCAB);
        assertThat(tuned.context()).isEqualTo(CONTEXT - 2);
    }

    @Test
    void tooLongIsRefused() {
        LanguageModel base = model("llama", 1);
        for (int count : new int[] {CONTEXT, CONTEXT + 1}) { // BAD-INPUT 33
            assertThatThrownBy(() -> random(base, count, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "soft prompt: %d virtual tokens leave no room for a token in the context of 12; use fewer"
                                    .formatted(count));
        }
        SoftPrompted tuned = random(base, CONTEXT - 3, 1);
        quietly(tuned, Indices.of(Shape.of(1, 3), new int[3]));
        assertThatThrownBy(() -> quietly(tuned, Indices.of(Shape.of(1, 4), new int[4])))
                .isInstanceOf(ConfigException.class)
                .hasMessage("%s: 9 virtual tokens and a sequence of 4 are longer than the context of 12; shorten one of"
                                .formatted(tuned.getClass().getSimpleName())
                        + " them");
        KvCaches caches = tuned.caches();
        step(tuned, caches, 1, 1, 2);
        step(tuned, caches, 1, 3);
        assertThatThrownBy(() -> step(tuned, caches, 1, 4)).hasMessageContaining("a sequence of 4 are longer");
        assertThatThrownBy(() -> random(tuned, 1, 1)).hasMessage("soft prompt: the model has one already");
    }
}
