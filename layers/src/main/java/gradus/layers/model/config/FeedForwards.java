package gradus.layers.model.config;

import gradus.layers.activation.Activation;
import gradus.layers.activation.Gelu;
import gradus.layers.activation.GeluTanh;
import gradus.layers.activation.Relu;
import gradus.layers.activation.SiLU;
import gradus.layers.feedforward.BalancedRouter;
import gradus.layers.feedforward.BalancedRouter.Balance;
import gradus.layers.feedforward.Capacity;
import gradus.layers.feedforward.Expert;
import gradus.layers.feedforward.FeedForward;
import gradus.layers.feedforward.GatedFeedForward;
import gradus.layers.feedforward.GeGlu;
import gradus.layers.feedforward.Glu;
import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.feedforward.Mlp;
import gradus.layers.feedforward.ReGlu;
import gradus.layers.feedforward.Router;
import gradus.layers.feedforward.SwiGlu;
import gradus.layers.feedforward.SwitchRouter;
import gradus.tensor.random.Rng;

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

    /// [Mlp]
    ///
    /// @param activation f
    /// @param hidden     F; 0 for four times the channels
    public record Dense(Function activation, int hidden) implements FeedForwardChoice {
        /// An activation that is null is GPT-2's.
        public Dense {
            activation = activation == null ? Function.GELU_TANH : activation;
        }

        /// With four times the channels inside.
        public Dense(Function activation) {
            this(activation, 0);
        }

        @Override
        public FeedForward create(int dim, Rng rng) {
            return new Mlp(dim, hidden == 0 ? EXPANSION * dim : hidden, activation.create(), rng);
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

    /// [MixtureOfExperts] as in Mixtral: each token goes to the experts that its router scores highest.
    ///
    /// @param experts E
    /// @param topK    how many each token goes to
    /// @param hidden  F of an expert; 0 for two thirds of four times the channels
    /// @param balance weight of the loss that spreads the work
    /// @param zLoss   weight of the loss that keeps the router's logits small; 0.001 in ST-MoE
    public record Mixtral(int experts, int topK, int hidden, double balance, double zLoss)
            implements FeedForwardChoice {

        /// Without a loss on the router's logits.
        public Mixtral(int experts, int topK, int hidden, double balance) {
            this(experts, topK, hidden, balance, 0);
        }

        @Override
        public FeedForward create(int dim, Rng rng) {
            Router router = new MixtralRouter(dim, experts, topK, rng.at("gate"));
            return MixtureOfExperts.of(router, dim, orTwoThirds(hidden, dim), rng)
                    .losses(balance, zLoss);
        }
    }

    /// [MixtureOfExperts] as in the Switch Transformer: one expert for each token, weighted by its probability.
    ///
    /// @param experts  E
    /// @param capacity how many times its even share an expert takes; what comes after is dropped
    /// @param hidden   F of an expert; 0 for two thirds of four times the channels
    /// @param balance  weight of the loss that spreads the work
    /// @param zLoss    weight of the loss that keeps the router's logits small; 0.001 in ST-MoE
    public record Switch(int experts, double capacity, int hidden, double balance, double zLoss)
            implements FeedForwardChoice {

        /// Without a loss on the router's logits.
        public Switch(int experts, double capacity, int hidden, double balance) {
            this(experts, capacity, hidden, balance, 0);
        }

        @Override
        public FeedForward create(int dim, Rng rng) {
            Router router = new SwitchRouter(dim, experts, new Capacity(capacity), rng.at("gate"));
            return MixtureOfExperts.of(router, dim, orTwoThirds(hidden, dim), rng)
                    .losses(balance, zLoss);
        }
    }

    /// [MixtureOfExperts] as in DeepSeek-V3: a bias on the choice spreads the work, not a loss; one expert is
    /// shared by all tokens.
    ///
    /// @param experts    E
    /// @param topK       how many each token goes to besides the shared one
    /// @param hidden     F of an expert; 0 for two thirds of four times the channels
    /// @param updateRate what a step adds to the bias of an expert with too little work
    public record Balanced(int experts, int topK, int hidden, double updateRate) implements FeedForwardChoice {
        @Override
        public FeedForward create(int dim, Rng rng) {
            Balance balance = new Balance(updateRate, 1);
            Router router = new BalancedRouter(dim, experts, topK, balance, rng.at("gate"));
            int units = orTwoThirds(hidden, dim);
            return MixtureOfExperts.of(router, dim, units, rng).share(new Expert(dim, units, rng.at("shared")));
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

        public Activation create() {
            return activation;
        }
    }
}
