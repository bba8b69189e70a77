package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.Arrays;

/// Each expert chooses its tokens: with `S = softmax(x·Wᵀ)` over the experts, expert e takes the C tokens
/// with the largest `S[·, e]` and its results are weighed by those. The load is even by construction; a
/// token may be taken by several experts or by none, which leaves it 0. Zhou et al. 2022, arXiv:2202.09368.
///
/// Whether a token is taken depends on all others, later ones too: not for causal models, which could not
/// generate as they were trained.
public final class ExpertChoiceRouter extends Router {
    private final double perToken;

    /// @param dim      C
    /// @param experts  E
    /// @param perToken how many experts a token has on average, c: each takes `C = ⌈N·c/E⌉` tokens, at most
    ///     N
    /// @param rng      where the first weights come from
    /// @throws gradus.error.ConfigException if c is not in (0, E]
    public ExpertChoiceRouter(int dim, int experts, double perToken, Rng rng) {
        super(dim, experts, rng);
        require(
                perToken > 0 && perToken <= experts,
                "ExpertChoiceRouter: perToken must be above 0 and at most the %d experts; got %s",
                experts,
                perToken);
        this.perToken = perToken;
    }

    @Override
    public Routing route(Tensor x) {
        Tensor logits = logits(x); // (N, E)
        Tensor probabilities = logits.softmax(); // (N, E)
        int n = x.dim(0);
        int experts = experts();
        int room = Math.min(n, (int) Math.ceil(n * perToken / experts));
        double[] values = probabilities.toArray();
        int[][] tokens = new int[experts][];
        int[] demand = new int[experts];
        int[] places = new int[experts * room];
        for (int e = 0; e < experts; e++) {
            tokens[e] = largest(values, e, n, experts, room);
            Arrays.sort(tokens[e]); // the order of the sequence
            demand[e] = room;
            for (int i = 0; i < room; i++) {
                places[e * room + i] = tokens[e][i] * experts + e;
            }
        }
        return new Routing(logits, tokens, pick(probabilities, places), demand);
    }
}
