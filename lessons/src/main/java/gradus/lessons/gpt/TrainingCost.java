package gradus.lessons.gpt;

/// What one token costs in training.
public final class TrainingCost {
    private TrainingCost() {}

    /// Floating-point operations per token of one training step, as PaLM counts them: a multiplication and an
    /// addition are two operations; the backward pass takes twice as many as the forward pass; and only
    /// matrix products count.
    /// - Every parameter that is multiplied takes part in one multiplication and one addition of the forward
    ///   pass. The table of positions is looked up, not multiplied, and does not count. The token table counts
    ///   once, as the tied head; looking tokens up costs nothing.
    /// - Attention besides: in each of L layers, scores q·k with T keys of C channels in all heads together,
    ///   and as many operations again for the weighted sum of values. (The causal mask is not taken off.)
    ///
    /// So the result is `6·(parameters - N·C) + 12·L·C·T`.
    ///
    /// @param parameters of the whole model, with both tables, the head being tied
    /// @param positions  N, rows of the table of positions
    /// @param layers     L
    /// @param channels   C
    /// @param time       T, how many tokens a sequence has
    public static double perToken(long parameters, int positions, int layers, int channels, int time) {
        // --- your answer
        double multiplied = parameters - (double) positions * channels;
        double attention = 2.0 * 2 * layers * channels * time;
        return 3 * (2 * multiplied + attention);
        // ---
    }
}
