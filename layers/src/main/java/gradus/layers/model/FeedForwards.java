package gradus.layers.model;

import gradus.layers.activation.Activation;
import gradus.layers.activation.Gelu;
import gradus.layers.activation.GeluTanh;
import gradus.layers.activation.Relu;
import gradus.layers.activation.SiLU;
import gradus.layers.feedforward.FeedForward;
import gradus.layers.feedforward.Mlp;
import gradus.tensor.Rng;

/// The feed-forward networks that a [GptConfig] can name.
public final class FeedForwards {
    /// Hidden channels of an [Mlp] for each channel that comes in.
    private static final int EXPANSION = 4;

    private FeedForwards() {}

    /// [Mlp] with four times the channels inside.
    ///
    /// @param activation f
    public record Dense(Function activation) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new Mlp(dim, EXPANSION * dim, activation.create(), rng);
        }
    }

    /// The activations by name.
    public enum Function {
        GELU_TANH(new GeluTanh()),
        GELU(new Gelu()),
        RELU(new Relu()),
        SILU(new SiLU());

        private final Activation activation;

        Function(Activation activation) {
            this.activation = activation;
        }

        Activation create() {
            return activation;
        }
    }
}
