package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GptTest {
    private static final Rng RNG = Rng.of(11);
    private static final GptConfig TINY = new GptConfig(7, 5, 1, 2, 4, 0);

    private static Indices ids(int batch, int time, int vocabSize) {
        int[] ids = new int[batch * time];
        Arrays.setAll(ids, i -> RNG.at("ids").index(i, vocabSize));
        return Indices.of(Shape.of(batch, time), ids);
    }

    @Property(tries = 200)
    void hasAsManyParametersAsTheFormulaSays(
            @ForAll @IntRange(min = 1, max = 9) int vocabSize,
            @ForAll @IntRange(min = 1, max = 9) int context,
            @ForAll @IntRange(min = 1, max = 3) int layers,
            @ForAll @IntRange(min = 1, max = 3) int heads) {
        GptConfig config = new GptConfig(vocabSize, context, layers, heads, 4 * heads, 0);
        assertThat(new Gpt(config, RNG).parameterCount()).isEqualTo(config.gpt2ParameterCount());
    }

    @Test
    void parametersGoByTheNamesOfHuggingFace() {
        assertThat(new Gpt(TINY, RNG).namedParameters().keySet())
                .containsExactly(
                        "wte.weight",
                        "wpe.weight",
                        "h.0.ln_1.weight",
                        "h.0.ln_1.bias",
                        "h.0.attn.c_attn.weight",
                        "h.0.attn.c_attn.bias",
                        "h.0.attn.c_proj.weight",
                        "h.0.attn.c_proj.bias",
                        "h.0.ln_2.weight",
                        "h.0.ln_2.bias",
                        "h.0.mlp.c_fc.weight",
                        "h.0.mlp.c_fc.bias",
                        "h.0.mlp.c_proj.weight",
                        "h.0.mlp.c_proj.bias",
                        "ln_f.weight",
                        "ln_f.bias");
    }

    @Test
    void startsAsItsDocumentationSays() {
        Map<String, Tensor> p = new Gpt(new GptConfig(65, 64, 4, 4, 128, 0), RNG).namedParameters();
        double matrix = Math.sqrt(2.0 / (5 * 128));
        // 8,192 draws know a deviation to 0.8 % (one standard error), 65,536 to 0.3 %: four of them are allowed
        assertThat(deviation(p.get("wte.weight"))).isCloseTo(0.02, within(0.032 * 0.02));
        assertThat(deviation(p.get("wpe.weight"))).isCloseTo(0.02, within(0.032 * 0.02));
        assertThat(deviation(p.get("h.2.mlp.c_fc.weight"))).isCloseTo(matrix, within(0.012 * matrix));
        double last = matrix / Math.sqrt(8);
        assertThat(deviation(p.get("h.2.mlp.c_proj.weight"))).isCloseTo(last, within(0.012 * last));
        assertThat(deviation(p.get("h.2.attn.c_proj.weight"))).isCloseTo(last, within(0.024 * last)); // 16,384 draws
        assertThat(p.get("h.1.attn.c_attn.bias").toArray()).containsOnly(0);
        assertThat(p.get("h.1.ln_1.weight").toArray()).containsOnly(1);
        assertThat(p.get("ln_f.bias").toArray()).containsOnly(0);
        assertThat(p.get("h.0.attn.c_attn.weight").toArray())
                .isNotEqualTo(p.get("h.1.attn.c_attn.weight").toArray());
    }

    private static double deviation(Tensor tensor) {
        double[] values = tensor.toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void theFirstLossIsThatOfGuessing() {
        Gpt gpt = new Gpt(new GptConfig(65, 64, 4, 4, 128, 0), RNG);
        // not the inputs themselves, which a tied head finds likelier than chance from the start
        int[] targets = new int[4 * 64];
        Arrays.setAll(targets, i -> RNG.at("targets").index(i, 65));
        double loss = gpt.forward(ids(4, 64, 65))
                .crossEntropy(Indices.of(Shape.of(4, 64), targets))
                .item();
        assertThat(loss).isCloseTo(Math.log(65), within(0.02 * Math.log(65)));
    }

    @Test
    void whatComesLaterChangesNothingBefore() {
        Gpt gpt = new Gpt(TINY, RNG);
        double[] before = gpt.forward(Indices.of(1, 2, 3, 4).reshape(1, 4)).toArray();
        double[] after = gpt.forward(Indices.of(1, 2, 3, 6).reshape(1, 4)).toArray();
        assertThat(Arrays.copyOf(after, 3 * 7)).isEqualTo(Arrays.copyOf(before, 3 * 7));
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void lastLogitsAreThoseOfTheLastPosition() {
        Gpt gpt = new Gpt(TINY.withDim(16).withLayers(2), RNG);
        Indices ids = ids(3, 5, 7);
        Tensor last = gpt.lastLogits(ids);
        assertThat(last.shape().dims()).containsExactly(3, 7);
        double[] expected = gpt.forward(ids).select(1, 4).toArray(); // (3, 7)
        assertThat(last.toArray()).containsExactly(expected, within(1e-6)); // float32, logits below 1
    }

    @Test
    void aBatchIsItsRows() {
        Gpt gpt = new Gpt(TINY, RNG);
        gpt.to(DType.FLOAT64);
        Indices both = Indices.of(1, 2, 3, 4, 5, 6).reshape(2, 3);
        double[] second = gpt.forward(Indices.of(4, 5, 6).reshape(1, 3)).toArray();
        assertThat(gpt.forward(both).slice(0, 1, 2).toArray()).containsExactly(second, within(1e-14));
    }

    @Test
    void gradients() {
        Gpt gpt = new Gpt(TINY, RNG);
        // at 0.02 many derivatives drown in rounding; unit weights give each of them size
        gpt.namedParameters()
                .forEach((name, p) ->
                        p.copyFrom(Tensor.randn(RNG.at(name), p.shape().dims()).mul(0.5)));
        Indices ids = ids(2, 3, 7);
        Indices targets = Indices.of(Shape.of(2, 3), new int[] {1, 0, 6, -100, 3, 3});
        LayerGradients.requireRight(gpt, Map.of(), () -> gpt.forward(ids).crossEntropy(targets));
    }

    /// The gradient standard's 1e-4 between the types, relative to the largest derivative of each parameter.
    @Test
    void float32AgreesWithFloat64() {
        Gpt gpt = new Gpt(new GptConfig(13, 8, 2, 2, 16, 0), RNG);
        Indices ids = ids(2, 8, 13);
        gpt.forward(ids).crossEntropy(ids).backward();
        double[][] single =
                gpt.parameters().stream().map(p -> p.grad().toArray()).toArray(double[][]::new);
        gpt.to(DType.FLOAT64);
        gpt.forward(ids).crossEntropy(ids).backward();
        for (int i = 0; i < single.length; i++) {
            double[] exact = gpt.parameters().get(i).grad().toArray();
            double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
            assertThat(single[i]).containsExactly(exact, within(1e-4 * largest));
        }
    }

    /// With the token table for its head an untied model says what the tied one says; with another it differs.
    @Test
    void x10_aHeadOfItsOwnIsWhatMakesLogits() {
        Gpt tied = new Gpt(TINY.withLayers(2), RNG);
        Gpt untied = new Gpt(TINY.withLayers(2).withHead(Head.OWN), RNG);
        assertThat(untied.parameterCount()).isEqualTo(tied.parameterCount() + 7 * 4);
        Map<String, Tensor> own = untied.namedParameters();
        tied.namedParameters()
                .forEach((name, p) -> assertThat(own.get(name).toArray())
                        .as(name)
                        .isEqualTo(p.toArray())); // a head takes no numbers from the others
        Indices ids = ids(2, 5, 7);
        assertThat(untied.forward(ids).toArray()).isNotEqualTo(tied.forward(ids).toArray());
        own.get("lm_head.weight").copyFrom(own.get("wte.weight"));
        assertThat(untied.forward(ids).toArray()).isEqualTo(tied.forward(ids).toArray());
        assertThat(untied.lastLogits(ids).toArray())
                .isEqualTo(tied.lastLogits(ids).toArray());
        assertThat(untied.lastLogits(ids, untied.caches()).toArray())
                .isEqualTo(tied.lastLogits(ids, tied.caches()).toArray());
    }

    @Test
    void x10_gradientsOfAHeadOfItsOwn() {
        Gpt gpt = new Gpt(TINY.withHead(Head.OWN), RNG);
        gpt.namedParameters()
                .forEach((name, p) ->
                        p.copyFrom(Tensor.randn(RNG.at(name), p.shape().dims()).mul(0.5)));
        Indices ids = ids(2, 3, 7);
        Indices targets = Indices.of(Shape.of(2, 3), new int[] {1, 0, 6, -100, 3, 3});
        LayerGradients.requireRight(gpt, Map.of(), () -> gpt.forward(ids).crossEntropy(targets));
    }

    @Test
    void badInput() {
        Gpt gpt = new Gpt(TINY, RNG);
        assertThatThrownBy(() -> gpt.forward(ids(1, 6, 7)))
                .isInstanceOf(ConfigException.class) // BAD-INPUT 34
                .hasMessageContaining("6")
                .hasMessageContaining("5");
        assertThatThrownBy(() -> gpt.forward(Indices.of(1, 2))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> gpt.forward(Indices.of(1, 7).reshape(1, 2)))
                .isInstanceOf(ShapeException.class); // BAD-INPUT 92
    }
}
