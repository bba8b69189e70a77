package gradus.lessons.accumulation;

/// One step of SGD over several small batches, clipped.
public final class AccumulatedStep {
    private AccumulatedStep() {}

    /// In this order: add up the gradients of all small batches and divide by the number of all their tokens,
    /// which gives the gradient of the mean; if its norm `√Σg²` is above max, multiply it by max/norm; take
    /// one step `θ - lr·g`.
    ///
    /// @param weights   θ
    /// @param gradients one row for each small batch: the gradient of the **sum** of its tokens' losses
    /// @param tokens    how many tokens each small batch has; at least one token in all, and a batch may have
    ///     none
    /// @param max       the largest norm, above 0
    /// @param rate      lr
    /// @return the new weights; the arrays given stay as they are
    public static double[] step(double[] weights, double[][] gradients, int[] tokens, double max, double rate) {
        // --- your answer
        double[] mean = new double[weights.length];
        int total = 0;
        for (int b = 0; b < gradients.length; b++) {
            total += tokens[b];
            for (int i = 0; i < mean.length; i++) {
                mean[i] += gradients[b][i];
            }
        }
        double squares = 0;
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= total;
            squares += mean[i] * mean[i];
        }
        double norm = Math.sqrt(squares);
        double factor = norm > max ? max / norm : 1;
        double[] next = new double[weights.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = weights[i] - rate * factor * mean[i];
        }
        return next;
        // ---
    }
}
