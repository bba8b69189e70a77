package gradus.layers.model;

import gradus.layers.activation.Activation;
import gradus.layers.activation.Gelu;
import gradus.layers.activation.GeluTanh;
import gradus.layers.activation.Relu;
import gradus.layers.activation.SiLU;
import gradus.layers.feedforward.FeedForward;
import gradus.layers.feedforward.GatedFeedForward;
import gradus.layers.feedforward.GeGlu;
import gradus.layers.feedforward.Glu;
import gradus.layers.feedforward.Mlp;
import gradus.layers.feedforward.ReGlu;
import gradus.layers.feedforward.SwiGlu;
import gradus.tensor.Rng;

/// The feed-forward networks that a [GptConfig] can name.
public final class FeedForwards {
    /// Hidden channels of an [Mlp] for each channel that comes in.
    private static final int EXPANSION = 4;

    /// What the hidden size of gated units is a multiple of, unless it is given: a cache line of floats.
    private static final int MULTIPLE = 16;

    private FeedForwards() {}

    private static int orTwoThirds(int hidden, int dim) {
        return hidden == 0 ? GatedFeedForward.hiddenFor(dim, 1, MULTIPLE) : hidden;
    }

    /// [Mlp] with four times the channels inside.
    ///
    /// @param activation f
    public record Dense(Function activation) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new Mlp(dim, EXPANSION * dim, activation.create(), rng);
        }
    }

    /// [Glu]
    ///
    /// @param hidden F; 0 for two thirds of four times the channels
    public record GluUnits(int hidden) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new Glu(dim, orTwoThirds(hidden, dim), rng);
        }
    }

    /// [GeGlu]
    ///
    /// @param hidden F; 0 for two thirds of four times the channels
    public record GeGluUnits(int hidden) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new GeGlu(dim, orTwoThirds(hidden, dim), rng);
        }
    }

    /// [ReGlu]
    ///
    /// @param hidden F; 0 for two thirds of four times the channels
    public record ReGluUnits(int hidden) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new ReGlu(dim, orTwoThirds(hidden, dim), rng);
        }
    }

    /// [SwiGlu]
    ///
    /// @param hidden F; 0 for two thirds of four times the channels
    public record SwiGluUnits(int hidden) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            return new SwiGlu(dim, orTwoThirds(hidden, dim), rng);
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
