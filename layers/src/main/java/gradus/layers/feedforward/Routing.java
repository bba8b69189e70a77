package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// What a [Router] decided for N tokens: A of them, a token counted once for each expert it goes to.
///
/// @param logits  the router's scores before any softmax, (N, E)
/// @param tokens  for each expert the tokens that it is to see, in the order of the sequence
/// @param weights how much of an expert's result counts, for all tokens of expert 0, then of expert 1, …,
///     (A)
/// @param demand  how many tokens wished for each expert; those that found it full were dropped
public record Routing(Tensor logits, int[][] tokens, Tensor weights, int[] demand) {
    /// Copies the arrays.
    ///
    /// @throws gradus.error.ConfigException if a part is missing, or the numbers of experts or of assignments
    ///     differ
    public Routing {
        require(
                logits != null && tokens != null && weights != null && demand != null,
                "Routing: logits, tokens, weights and demand must be given; got null");
        int assigned = 0;
        tokens = tokens.clone();
        for (int e = 0; e < tokens.length; e++) {
            require(tokens[e] != null, "Routing: the tokens of expert %d must be given; got null", e);
            tokens[e] = tokens[e].clone();
            assigned += tokens[e].length;
        }
        demand = demand.clone();
        require(
                demand.length == tokens.length,
                "Routing: tokens and demand must be given for each expert; got %d and %d",
                tokens.length,
                demand.length);
        require(
                assigned == weights.size(),
                "Routing: %d assignments need as many weights; got %s",
                assigned,
                weights.shape());
    }

    /// All tokens that go somewhere, those of expert 0 first, (A).
    public Indices assignments() {
        int[] all = new int[weights.size()];
        int at = 0;
        for (int[] mine : tokens) {
            System.arraycopy(mine, 0, all, at, mine.length);
            at += mine.length;
        }
        return Indices.of(all);
    }

    /// How the work fell out, in plain numbers.
    public Utilisation utilisation() {
        int[] counts = new int[tokens.length];
        int dropped = 0;
        for (int e = 0; e < counts.length; e++) {
            counts[e] = tokens[e].length;
            dropped += demand[e] - counts[e];
        }
        return new Utilisation(counts, dropped);
    }
}
