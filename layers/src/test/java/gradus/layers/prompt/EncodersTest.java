package gradus.layers.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.Embedding;
import gradus.layers.Golden;
import gradus.layers.LayerGradients;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What makes the rows of a soft prompt.
class EncodersTest {
    private static <P extends SoftPrompt> P shuffled(P prompt, Rng rng) {
        prompt.to(DType.FLOAT64);
        prompt.namedParameters()
                .forEach((name, each) -> each.copyFrom(
                        Tensor.randn(rng.at(name), each.shape().dims()).to(DType.FLOAT64)));
        return prompt;
    }

    @TestFactory
    Stream<DynamicTest> promptEncodersAgreeWithPeft() {
        return Golden.each("prompt_encoder", golden -> {
            int count = golden.whole("count");
            int dim = golden.whole("dim");
            int hidden = golden.whole("hidden");
            SoftPrompt encoder = golden.word("kind").equals("MLP")
                    ? new MlpEncoder(count, dim, hidden, Rng.of(1))
                    : new LstmEncoder(count, LstmConfig.of(dim, hidden).withLayers(golden.whole("layers")), Rng.of(1));
            golden.check(golden.fill(encoder).rows());
        });
    }

    @TestFactory
    Stream<DynamicTest> theProjectionAgreesWithPeft() {
        return Golden.each("prefix_encoder", golden -> {
            int dim = golden.whole("dim");
            var sizes = new PrefixProjection.Sizes(dim, golden.whole("hidden"), 2 * dim * golden.whole("layers"));
            golden.check(golden.fill(new PrefixProjection(golden.whole("count"), sizes, Rng.of(1)))
                    .rows());
        });
    }

    /// One layer of a network, one number after the other.
    private static double[] layer(Map<String, double[]> weights, String name, double[] x, DoubleUnaryOperator f) {
        double[] w = weights.get(name + ".weight"); // (out, in)
        double[] y = weights.get(name + ".bias").clone();
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += w[i * x.length + j] * x[j];
            }
            y[i] = f.applyAsDouble(y[i]);
        }
        return y;
    }

    /// Read once: an element at a time costs a call each.
    private static Map<String, double[]> weights(SoftPrompt prompt) {
        Map<String, double[]> weights = new HashMap<>();
        prompt.namedParameters().forEach((name, each) -> weights.put(name, each.toArray()));
        return weights;
    }

    private static double[] embedding(Map<String, double[]> weights, int row, int dim) {
        return Arrays.copyOfRange(weights.get("embedding.weight"), row * dim, (row + 1) * dim);
    }

    @Property(tries = 200)
    void networksEqualTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int count,
            @ForAll @IntRange(min = 1, max = 6) int dim,
            @ForAll @IntRange(min = 1, max = 5) int hidden,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll long seed) {
        Rng rng = Rng.of(seed);
        MlpEncoder mlp = shuffled(new MlpEncoder(count, dim, hidden, rng), rng);
        var sizes = new PrefixProjection.Sizes(dim, hidden, width);
        PrefixProjection projection = shuffled(new PrefixProjection(count, sizes, rng), rng);
        Map<String, double[]> ofMlp = weights(mlp);
        Map<String, double[]> ofProjection = weights(projection);
        double[] rows = mlp.rows().toArray();
        double[] prefix = projection.rows().toArray();
        DoubleUnaryOperator relu = x -> Math.max(0, x);
        for (int i = 0; i < count; i++) {
            double[] x = layer(ofMlp, "mlp_head.0", embedding(ofMlp, i, dim), relu);
            x = layer(ofMlp, "mlp_head.2", x, relu);
            x = layer(ofMlp, "mlp_head.4", x, y -> y);
            assertThat(Arrays.copyOfRange(rows, i * dim, (i + 1) * dim))
                    .containsExactly(x, within(1e-11)); // numbers up to 1e3

            x = layer(ofProjection, "transform.0", embedding(ofProjection, i, dim), Math::tanh);
            x = layer(ofProjection, "transform.2", x, y -> y);
            assertThat(Arrays.copyOfRange(prefix, i * width, (i + 1) * width)).containsExactly(x, within(1e-12));
        }
    }

    /// Of small networks, every element; of an LSTM of two layers, its own test.
    @Test
    void gradients() {
        Rng rng = Rng.of(8);
        for (SoftPrompt prompt : new SoftPrompt[] {
            new PromptTable(3, 4, rng),
            new MlpEncoder(3, 3, 4, rng),
            new LstmEncoder(3, LstmConfig.of(3, 2), rng),
            new PrefixProjection(3, new PrefixProjection.Sizes(3, 4, 8), rng)
        }) {
            shuffled(prompt, rng);
            LayerGradients.requireRight(prompt, Map.of(), prompt::rows);
        }
    }

    /// Tokens and virtual tokens in any order are looked up where they are.
    @Property(tries = 200)
    void virtualTokensAreFurtherRows(
            @ForAll @IntRange(min = 1, max = 6) int vocab,
            @ForAll @IntRange(min = 1, max = 4) int count,
            @ForAll @IntRange(min = 1, max = 9) int time,
            @ForAll long seed) {
        Rng rng = Rng.of(seed);
        Embedding table = new Embedding(vocab, 3, rng.at("table"));
        PromptTable prompt = new PromptTable(count, 3, rng.at("prompt"));
        int[] ids = new int[2 * time];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = rng.index(i, vocab + count);
        }
        VirtualTokens.on(table, prompt);
        Tensor y = table.forward(Indices.of(Shape.of(2, time), ids));
        for (int i = 0; i < ids.length; i++) {
            Tensor row = ids[i] < vocab
                    ? table.weight().select(0, ids[i])
                    : prompt.rows().select(0, ids[i] - vocab);
            assertThat(y.select(0, i / time).select(0, i % time).toArray()).isEqualTo(row.toArray());
        }
        assertThat(table.head()).isSameAs(table.weight());
        assertThat(table.namedParameters().keySet()).containsExactly("weight");
    }

    /// Training it leaves the rows alone that it was made of, which may be a model's.
    @Test
    void aTableIsACopy() {
        Tensor rows = Tensor.ones(2, 3);
        PromptTable table = new PromptTable(rows);
        assertThat(table.rows().toArray()).isEqualTo(rows.toArray());
        table.rows().copyFrom(Tensor.zeros(2, 3));
        assertThat(rows.toArray()).containsOnly(1);
    }

    @Test
    void badInput() {
        Rng rng = Rng.of(1);
        assertThatThrownBy(() -> new PromptTable(0, 3, rng))
                .isInstanceOf(ConfigException.class)
                .hasMessage("soft prompt: there must be at least 1 virtual token; got 0");
        assertThatThrownBy(() -> new PromptTable(2, 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new PromptTable(Tensor.zeros(3))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new MlpEncoder(2, 3, 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new PrefixProjection(2, new PrefixProjection.Sizes(3, 0, 4), rng))
                .isInstanceOf(ConfigException.class);
        Embedding table = new Embedding(5, 3, rng);
        assertThatThrownBy(() -> VirtualTokens.on(table, new PromptTable(2, 4, rng)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("soft prompt: its rows must have the size of an embedding, 3; got 4");
        VirtualTokens.on(table, new PromptTable(2, 3, rng));
        assertThatThrownBy(() -> VirtualTokens.on(table, new PromptTable(2, 3, rng)))
                .hasMessage("soft prompt: the token table already has an adapter; remove it first");
        for (int id : new int[] {-1, 7}) {
            assertThatThrownBy(() -> table.forward(Indices.of(id))).isInstanceOf(ShapeException.class);
        }
    }
}
