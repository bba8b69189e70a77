package gradus.lessons.embeddings;

/// The backward pass of a lookup.
public final class EmbeddingGradient {
    private EmbeddingGradient() {}

    /// The gradient of an embedding table. The lookup took row `ids[n]` of the table for each position n, and
    /// the loss has the gradient `g[n]` with respect to what position n got. A row that was taken several
    /// times gets the sum; a row that was never taken gets zeros. The row of `padding` gets zeros too,
    /// however often it was taken, since padding is not to be learnt; -1 means that there is no padding.
    ///
    /// @param vocabulary how many rows the table has
    /// @param ids        N numbers from 0 to vocabulary − 1, at least one
    /// @param g          N rows of D numbers
    /// @return vocabulary rows of D numbers
    public static double[][] gradient(int vocabulary, int[] ids, double[][] g, int padding) {
        // --- your answer
        double[][] gradient = new double[vocabulary][g[0].length];
        for (int n = 0; n < ids.length; n++) {
            if (ids[n] != padding) {
                for (int c = 0; c < g[n].length; c++) {
                    gradient[ids[n]][c] += g[n][c];
                }
            }
        }
        return gradient;
        // ---
    }
}
