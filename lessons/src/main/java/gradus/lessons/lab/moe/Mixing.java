package gradus.lessons.lab.moe;

import gradus.layers.feedforward.BalancedRouter;
import gradus.layers.feedforward.BalancedRouter.Balance;
import gradus.layers.feedforward.ExpertChoiceRouter;
import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.feedforward.Router;
import gradus.layers.feedforward.SwiGlu;
import gradus.layers.model.config.FeedForwardChoice;
import gradus.layers.model.config.FeedForwards;
import gradus.tensor.random.Rng;

/// A feed-forward network for the blocks of a model. All but one use the same operations for a token, besides those of
/// the router: two experts of hidden size C, or one of 2·C, or a dense network of 2·C.
///
/// @param name   of a row
/// @param choice makes it
record Mixing(String name, FeedForwardChoice choice) {
    /// E, experts of each mixture.
    static final int EXPERTS = 8;

    private static final int TOP = 2;
    private static final double BALANCE = 0.01; // Switch, section 2.2
    private static final double UPDATE_RATE = 0.001; // DeepSeek-V3

    /// A dense network of as many operations as the experts that a token goes to.
    static Mixing dense() {
        return new Mixing("dense, equal operations", (dim, rng) -> new SwiGlu(dim, TOP * dim, rng));
    }

    /// A dense network of as many weights as all experts together.
    static Mixing whole() {
        return new Mixing("dense, equal weights", (dim, rng) -> new SwiGlu(dim, EXPERTS * dim, rng));
    }

    /// The two best of a router, with nothing that balances.
    static Mixing free() {
        return new Mixing("top 2, no balance", (dim, rng) -> topTwo(dim, 0, rng));
    }

    /// With the loss that balances.
    static Mixing balanced() {
        return new Mixing("top 2, loss", (dim, rng) -> topTwo(dim, BALANCE, rng));
    }

    /// With the bias that balances.
    static Mixing biased() {
        return new Mixing("top 2, bias", (dim, rng) -> {
            Router router = new BalancedRouter(dim, EXPERTS, TOP, new Balance(UPDATE_RATE, 1), rng.at("gate"));
            return MixtureOfExperts.of(router, dim, dim, rng);
        });
    }

    /// With a router that does not learn.
    static Mixing frozen() {
        return new Mixing("top 2, frozen router", (dim, rng) -> {
            Router router = new MixtralRouter(dim, EXPERTS, TOP, rng.at("gate")).freeze();
            return MixtureOfExperts.of(router, dim, dim, rng);
        });
    }

    /// Where experts choose, two for a token on average.
    static Mixing choosing() {
        return new Mixing("experts choose", (dim, rng) -> {
            Router router = new ExpertChoiceRouter(dim, EXPERTS, TOP, rng.at("gate"));
            return MixtureOfExperts.of(router, dim, dim, rng);
        });
    }

    /// One expert of twice the size for each token, with the loss that balances.
    ///
    /// @param factor of the capacity
    static Mixing bounded(double factor) {
        return new Mixing(
                Double.isInfinite(factor) ? "unbounded" : Double.toString(factor),
                (dim, rng) -> new FeedForwards.Switch(EXPERTS, factor, TOP * dim, BALANCE).create(dim, rng));
    }

    private static MixtureOfExperts topTwo(int dim, double balance, Rng rng) {
        Router router = new MixtralRouter(dim, EXPERTS, TOP, rng.at("gate"));
        return MixtureOfExperts.of(router, dim, dim, rng).losses(balance, 0);
    }
}
