package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
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
    /// @param rng      random numbers for the initial weights
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
            tokens[e] = taken(values, e, experts, room);
            demand[e] = room;
            for (int i = 0; i < room; i++) {
                places[e * room + i] = tokens[e][i] * experts + e;
            }
        }
        return new Routing(logits, tokens, pick(probabilities, places), demand);
    }

    /// The tokens of an expert in the order of the sequence: all above the least value that has room, and of those that
    /// equal it the first.
    private static int[] taken(double[] values, int expert, int experts, int room) {
        double[] column = new double[values.length / experts];
        for (int token = 0; token < column.length; token++) {
            column[token] = values[token * experts + expert];
        }
        double[] sorted = column.clone();
        Arrays.sort(sorted);
        double least = sorted[sorted.length - room];
        int equal = room;
        for (double value : column) {
            equal -= Double.compare(value, least) > 0 ? 1 : 0;
        }
        int[] tokens = new int[room];
        int count = 0;
        for (int token = 0; token < column.length; token++) {
            int order = Double.compare(column[token], least);
            if (order > 0 || order == 0 && equal-- > 0) {
                tokens[count++] = token;
            }
        }
        return tokens;
    }
}
