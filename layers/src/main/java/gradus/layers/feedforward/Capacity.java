package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

/// How many tokens an expert takes of N: `C = max(min(N, ⌊N·factor/E⌋), 4)`, the rule of Mesh TensorFlow.
/// Bounds the work of the busiest expert; what finds it full is dropped. Lepikhin et al. 2020 (GShard),
/// arXiv:2006.16668.
///
/// @param factor how many times the even share N/E there is room for; 1.25 in training and 2 in evaluation
///     are usual
public record Capacity(double factor) {
    /// Room for every token.
    public static final Capacity UNBOUNDED = new Capacity(Double.POSITIVE_INFINITY);

    private static final int LEAST = 4;

    public Capacity {
        require(factor > 0, "Capacity: factor must be above 0; got %s", factor);
    }

    /// C for so many tokens and experts.
    public int of(int tokens, int experts) {
        return (int) Math.max(Math.min(tokens, Math.floor(tokens * factor / experts)), LEAST);
    }
}
