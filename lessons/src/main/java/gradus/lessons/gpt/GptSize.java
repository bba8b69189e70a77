package gradus.lessons.gpt;

/// How many numbers a GPT has to learn.
public final class GptSize {
    private GptSize() {}

    /// Counts the parameters of GPT-2 with V tokens, N positions, L layers and C channels, H heads or not:
    /// - the token table (V, C) and the table of positions (N, C);
    /// - in each layer two LayerNorms, each with a gain and a bias (C);
    /// - in each layer attention: queries, keys, values and the output, four matrices (C, C), each with a
    ///   bias (C);
    /// - in each layer the feed-forward network: a matrix (4C, C) with a bias (4C), one (C, 4C) with a bias (C);
    /// - one LayerNorm behind the last layer.
    ///
    /// The head is the token table again if `tied`; otherwise it is a further matrix (V, C), without a bias.
    /// The result may be larger than an `int`.
    public static long parameters(int vocabulary, int positions, int layers, int channels, boolean tied) {
        // --- your answer
        long dim = channels;
        long norm = 2 * dim;
        long attention = 4 * (dim * dim + dim);
        long feedForward = 8 * dim * dim + 5 * dim;
        long tables = (vocabulary + (tied ? 0 : vocabulary)) * dim + positions * dim;
        return tables + layers * (2 * norm + attention + feedForward) + norm;
        // ---
    }
}
