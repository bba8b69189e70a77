package gradus.lessons.perplexity;

/// One number for a whole text that was evaluated batch by batch.
public final class CorpusPerplexity {
    private CorpusPerplexity() {}

    /// `exp(L)`, where L is the mean loss per token over **all** tokens of all batches: every token counts
    /// alike, however large its batch is. A batch of no tokens does not count, and its mean is NaN.
    ///
    /// @param meanLosses each batch's mean loss per token, in nats
    /// @param tokens     how many tokens each batch has; at least one in all
    public static double perplexity(double[] meanLosses, int[] tokens) {
        // --- your answer
        double sum = 0;
        long count = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] > 0) {
                sum += meanLosses[i] * tokens[i];
                count += tokens[i];
            }
        }
        return Math.exp(sum / count);
        // ---
    }
}
