package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// Where an adapter is attached and what becomes of names and numbers.
class AdapterTest {
    private static final Rng RNG = Rng.of(41);
    private static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4}).reshape(2, 2);

    /// `y = s ∘ base(x)`
    private static final class Scale extends Adapter {
        private final Tensor scale; // (out)
        private final Dropout dropout;

        Scale(int out) {
            scale = param("scale", Tensor.ones(out));
            dropout = child("dropout", new Dropout(0.5));
        }

        @Override
        public Tensor forward(Linear base, Tensor x) {
            return dropout.forward(base.base(x)).mul(scale);
        }

        @Override
        public Tensor forward(Embedding base, Indices ids) {
            return base.base(ids).mul(scale);
        }
    }

    private static final class Nothing extends Adapter {}

    private static Gpt gpt() {
        return new Gpt(new GptConfig(7, 4, 2, 2, 8, 0), RNG);
    }

    @Test
    void aNewAdapterIsReachedFromTheModelAndChangesNoName() {
        Gpt gpt = gpt();
        List<String> before = List.copyOf(gpt.namedParameters().keySet());
        gpt.eval();
        double[] plain = gpt.forward(IDS).toArray();
        gpt.namedLayers(Linear.class).forEach((name, linear) -> linear.adapt(new Scale(linear.out())));
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain); // times 1
        assertThat(gpt.namedParameters().keySet()).containsAll(before).contains("h.0.attn.c_attn.scale");
        assertThat(gpt.namedLayers(Adapter.class).keySet())
                .isEqualTo(gpt.namedLayers(Linear.class).keySet());
        assertThat(gpt.namedLayers(Scale.class).values()).noneMatch(Layer::training);
        gpt.namedLayers(Linear.class).values().forEach(linear -> linear.adapt(null));
        assertThat(List.copyOf(gpt.namedParameters().keySet())).isEqualTo(before);
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
    }

    @Test
    void anotherTakesThePlaceOfTheFirst() {
        Linear linear = new Linear(2, 3, RNG);
        Scale first = new Scale(3);
        Scale second = new Scale(3);
        linear.adapt(first);
        linear.adapt(second);
        assertThat(linear.adapter()).isSameAs(second);
        assertThat(linear.namedLayers(Adapter.class).values()).containsExactly(second);
        assertThat(linear.namedParameters().get("scale")).isSameAs(second.scale);
    }

    @Test
    void gradientsReachBaseAndAdapter() {
        Gpt gpt = gpt();
        Embedding table = (Embedding) gpt.layer("wte");
        table.adapt(new Scale(8));
        gpt.namedLayers(Linear.class).forEach((name, linear) -> linear.adapt(new Scale(linear.out())));
        gpt.eval();
        gpt.to(DType.FLOAT64);
        SequencedMap<String, Tensor> parameters = gpt.namedParameters();
        GradientCheck.sampled(() -> gpt.forward(IDS).square().mean(), parameters, 6)
                .requirePass();
        gpt.forward(IDS).square().mean().backward();
        assertThat(parameters.get("h.1.mlp.c_fc.scale").grad()).isNotNull();
        assertThat(parameters.get("wte.scale").grad()).isNotNull();
    }

    @Test
    void itsRandomNumbersComeWithTheStep() {
        Linear linear = new Linear(2, 64, RNG);
        linear.adapt(new Scale(64));
        Tensor x = Tensor.ones(1, 2);
        linear.train();
        linear.random(Rng.of(1));
        double[] one = linear.forward(x).toArray();
        linear.random(Rng.of(2));
        assertThat(linear.forward(x).toArray()).isNotEqualTo(one);
        linear.random(Rng.of(1));
        assertThat(linear.forward(x).toArray()).isEqualTo(one);
    }

    @Test
    void whatItCannotAdaptIsRefused() {
        Linear linear = new Linear(2, 2, RNG);
        linear.adapt(new Nothing());
        assertThatThrownBy(() -> linear.forward(Tensor.ones(1, 2)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Nothing does not adapt a Linear");
        Embedding table = new Embedding(3, 2, RNG);
        table.adapt(new Nothing());
        assertThatThrownBy(() -> table.forward(Indices.of(0)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Nothing does not adapt an Embedding");
    }
}
