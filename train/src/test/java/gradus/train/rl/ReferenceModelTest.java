package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Gpt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import org.junit.jupiter.api.Test;

class ReferenceModelTest {
    private static final Indices IDS = Indices.of(1, 2, 3, 4).reshape(1, 4);

    @Test
    void aCopyStaysAsThePolicyWas() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        double[] before = gpt.forward(IDS).toArray();
        ReferenceModel reference = ReferenceModel.copy(gpt, new Gpt(Toys.SIZE, Rng.of(2)));
        Toys.move(gpt, 0.3);
        double[] asked = reference.ask(model -> model.forward(IDS).toArray());
        assertThat(asked).containsExactly(before);
        assertThat(gpt.forward(IDS).toArray()).isNotEqualTo(before);
        assertThat(gpt.parameters()).allMatch(Tensor::requiresGrad);
    }

    /// The base is the reference, bit for bit, and afterwards the adapter is in use and trained again.
    @Test
    void withoutItsAdapterThePolicyIsItsOwnReference() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        double[] before = gpt.forward(IDS).toArray();
        Adapters adapters = Adapters.of(gpt);
        adapters.add("policy", LoraConfig.of(Targets.allLinear()).withR(2), Rng.of(3));
        adapters.parts("policy").values().forEach(part -> Toys.move(part, 0.3));
        double[] adapted = gpt.forward(IDS).toArray();
        assertThat(adapted).isNotEqualTo(before);
        ReferenceModel reference = ReferenceModel.withoutAdapters(gpt, adapters);
        double[] asked = reference.ask(model -> {
            assertThat(model.training()).isFalse();
            Tensor logits = model.forward(IDS);
            assertThat(logits.requiresGrad()).isFalse();
            return logits.toArray();
        });
        assertThat(asked).containsExactly(before);
        assertThat(gpt.forward(IDS).toArray()).containsExactly(adapted);
        assertThat(gpt.training()).isTrue();
        adapters.parts("policy")
                .values()
                .forEach(part -> assertThat(part.parameters()).allMatch(Tensor::requiresGrad));
    }

    @Test
    void badInput() {
        Gpt gpt = Toys.gpt(1, DType.FLOAT32);
        assertThatThrownBy(() -> ReferenceModel.copy(gpt, gpt))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("another model");
        assertThatThrownBy(() -> ReferenceModel.copy(gpt, new Gpt(Toys.SIZE.withLayers(2), Rng.of(1))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("same parameters");
        assertThatThrownBy(() -> ReferenceModel.frozen(null)).isInstanceOf(ConfigException.class);
        Gpt other = Toys.gpt(2, DType.FLOAT32);
        assertThatThrownBy(() -> ReferenceModel.withoutAdapters(gpt, Adapters.of(other)))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> ReferenceModel.frozen(new Gpt(Toys.SIZE.withContext(4), Rng.of(1)))
                        .requireFits(gpt))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("context");
        assertThatThrownBy(() -> ReferenceModel.frozen(gpt).requireFits(gpt))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("its own reference");
    }
}
