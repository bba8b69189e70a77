package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;

/// Small layers and models to be adapted.
final class SmallAdapters {
    static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4, 6, 0}).reshape(2, 3);

    private SmallAdapters() {}

    /// A Linear or an Embedding as a model.
    static final class One extends Layer {
        final Linear linear;
        final Embedding table;

        One(int in, int out, Rng rng) {
            linear = child("linear", new Linear(in, out, rng.at("linear")));
            table = child("table", new Embedding(5, out, rng.at("table")));
        }
    }

    static One one(int in, int out, long seed) {
        return new One(in, out, Rng.of(seed)).to(DType.FLOAT64);
    }

    static Gpt gpt(Head head) {
        return new Gpt(new GptConfig(7, 4, 2, 2, 8, 0).withHead(head), Rng.of(3)).eval();
    }

    static Tensor input(long seed, int rows, int in) {
        return Tensor.randn(Rng.of(seed).at("x"), rows, in).to(DType.FLOAT64);
    }

    static LoraConfig lora(int r) {
        return LoraConfig.of(Targets.named("linear")).withR(r).withAlpha(3);
    }

    /// Gives every trained number another value.
    static void shuffle(Adapters adapters, String name, long seed) {
        int i = 0;
        for (Part part : adapters.parts(name).values()) {
            for (Tensor each : part.parameters()) {
                Tensor noise =
                        Tensor.randn(Rng.of(seed).at(i++), each.shape().dims()).to(each.dtype());
                each.copyFrom(each.detach().add(noise));
            }
        }
    }

    static void near(Tensor actual, double[] expected, double tolerance) {
        double[] ours = actual.toArray();
        assertThat(ours).hasSize(expected.length);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(expected[i], within(tolerance));
        }
    }
}
