package gradus.lessons.sampling;

/// Makes what was said already less likely.
public final class RepetitionPenalty {
    private RepetitionPenalty() {}

    /// For each token that occurs in `seen`: a logit above 0 is divided by the penalty, one below 0 is
    /// multiplied by it. Both make it smaller. A token that occurs several times is treated once. All other
    /// logits stay.
    ///
    /// @param seen    tokens of the text so far, in any order and number; may be empty
    /// @param penalty above 0; 1 changes nothing
    /// @return new logits; the given ones stay as they are
    public static double[] penalise(double[] logits, int[] seen, double penalty) {
        // --- your answer
        double[] x = logits.clone();
        for (int token : seen) {
            x[token] = logits[token] < 0 ? logits[token] * penalty : logits[token] / penalty;
        }
        return x;
        // ---
    }
}
