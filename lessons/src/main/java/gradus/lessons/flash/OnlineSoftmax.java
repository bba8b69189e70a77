package gradus.lessons.flash;

/// Attention of one query that sees each key once and keeps no scores.
public final class OnlineSoftmax {
    private double max = Double.NEGATIVE_INFINITY; // the largest score so far
    private double sum; // Σ exp(score - max) over the keys so far
    private final double[] output; // Σ exp(score - max)·value over the keys so far

    /// @param width how many numbers a value has
    public OnlineSoftmax(int width) {
        this.output = new double[width];
    }

    /// Takes in one key's score and value: brings `max`, `sum` and `output` up to date, so that they are what
    /// their comments say with this key too. When `max` grows, the old `sum` and `output` must be multiplied
    /// by `exp(old max − new max)`. A score of minus infinity (a masked key) changes nothing, even if it
    /// comes first. Finite scores may be as large as 10,000, of either sign.
    ///
    /// **Shapes** value (width)
    public void add(double score, double[] value) {
        // --- your answer
        if (score == Double.NEGATIVE_INFINITY) {
            return;
        }
        double next = Math.max(max, score);
        double keep = Math.exp(max - next); // 0 for the first key
        double weight = Math.exp(score - next);
        sum = sum * keep + weight;
        for (int d = 0; d < output.length; d++) {
            output[d] = output[d] * keep + weight * value[d];
        }
        max = next;
        // ---
    }

    /// What attention gives: `Σ softmax(scores)·values`.
    public double[] result() {
        double[] result = output.clone();
        for (int d = 0; d < result.length; d++) {
            result[d] /= sum;
        }
        return result;
    }

    /// `ln Σ exp(score)`, which is all that is needed to merge this part with another.
    public double logSumExp() {
        return max + Math.log(sum);
    }
}
