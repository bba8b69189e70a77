package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Arrays;

/// A router in which each token chooses its k experts. Where an expert has room for C tokens only, first
/// choices come before second ones and earlier tokens before later ones; a token that finds its expert full
/// is dropped there, and its other weights stay as they are.
abstract class TokenChoice extends Router {
    private final int topK;
    private final Capacity capacity;

    TokenChoice(int dim, int experts, int topK, Capacity capacity, Rng rng) {
        super(dim, experts, rng);
        require(
                topK >= 1 && topK <= experts,
                "Router: topK must be in 1 … %d, the number of experts; got %d",
                experts,
                topK);
        require(capacity != null, "Router: a capacity must be given; got null");
        this.topK = topK;
        this.capacity = capacity;
    }

    /// What the k largest are chosen by, row-major, (N, E).
    abstract double[] preference(Tensor logits);

    /// How much the chosen ones count.
    ///
    /// **Shapes** logits (N, E) → (N, k)
    ///
    /// @param chosen for each token its k experts, as row-major places of the logits
    abstract Tensor weights(Tensor logits, int[] chosen);

    final int topK() {
        return topK;
    }

    @Override
    public Routing route(Tensor x) {
        Tensor logits = logits(x); // (N, E)
        int n = x.dim(0);
        int experts = experts();
        double[] preference = preference(logits);
        int[] chosen = new int[n * topK];
        for (int token = 0; token < n; token++) {
            int[] best = largest(preference, token * experts);
            for (int choice = 0; choice < topK; choice++) {
                chosen[token * topK + choice] = token * experts + best[choice];
            }
        }
        Tensor weights = weights(logits, chosen); // (N, k)
        return admit(logits, chosen, weights, capacity.of(n, experts));
    }

    /// The k experts with the largest of the E numbers that begin there, the largest first; of equal ones the first.
    private int[] largest(double[] values, int from) {
        int[] best = new int[topK];
        boolean[] taken = new boolean[experts()];
        for (int rank = 0; rank < topK; rank++) {
            int at = -1;
            for (int e = 0; e < taken.length; e++) {
                if (!taken[e] && (at < 0 || values[from + e] > values[from + at])) {
                    at = e;
                }
            }
            taken[at] = true;
            best[rank] = at;
        }
        return best;
    }

    private Routing admit(Tensor logits, int[] chosen, Tensor weights, int room) {
        int n = logits.dim(0);
        int experts = experts();
        int[] demand = new int[experts];
        boolean[] admitted = new boolean[chosen.length];
        for (int choice = 0; choice < topK; choice++) {
            for (int place = choice; place < n * topK; place += topK) {
                admitted[place] = demand[chosen[place] % experts]++ < room;
            }
        }
        int[][] tokens = new int[experts][];
        int[] places = new int[chosen.length];
        int count = 0;
        for (int e = 0; e < experts; e++) {
            tokens[e] = new int[Math.min(demand[e], room)];
            int seen = 0;
            for (int place = 0; place < chosen.length; place++) {
                if (admitted[place] && chosen[place] % experts == e) {
                    tokens[e][seen++] = place / topK;
                    places[count++] = place;
                }
            }
        }
        return new Routing(logits, tokens, pick(weights, Arrays.copyOf(places, count)), demand);
    }
}
