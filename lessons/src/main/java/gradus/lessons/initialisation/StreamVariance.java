package gradus.lessons.initialisation;

/// How a residual stream grows from block to block.
public final class StreamVariance {
    private StreamVariance() {}

    /// The variance of the residual stream before the first block and after each of L blocks. It begins at 1.
    /// Each block has **two** branches, and each branch adds its output to the stream: `x ← x + branch(x)`.
    /// What a fresh branch gives has nothing to do with what is there already, so variances add up.
    ///
    /// - With a norm at the branch's beginning (pre-norm), the branch gives the variance `gain²`, whatever
    ///   the stream's.
    /// - Without one it gives `gain²` times the variance of the stream at that moment.
    ///
    /// If `scaled`, every branch is multiplied by `1/√(2L)` before it is added.
    ///
    /// @param layers     L, 0 or more
    /// @param gain       by how much a branch multiplies the deviation of its input
    /// @param normalised whether each branch begins with a norm
    /// @param scaled     whether each branch is multiplied by 1/√(2L)
    /// @return L + 1 numbers
    public static double[] variances(int layers, double gain, boolean normalised, boolean scaled) {
        // --- your answer
        double added = gain * gain / (scaled ? 2.0 * layers : 1);
        double[] variances = new double[layers + 1];
        double stream = 1;
        variances[0] = stream;
        for (int block = 0; block < layers; block++) {
            for (int branch = 0; branch < 2; branch++) {
                stream += normalised ? added : added * stream;
            }
            variances[block + 1] = stream;
        }
        return variances;
        // ---
    }
}
