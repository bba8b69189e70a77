package gradus.lessons.contrastive;

/// Query and document compared token by token.
public final class LateInteraction {
    private LateInteraction() {}

    /// MaxSim: each token of the query looks for the token of the document that is most like it, and the
    /// likenesses are summed up:
    ///
    /// `score = Σ_t max_s cos(query_t, document_s)`, `cos(a, b) = a·b / (‖a‖·‖b‖)`
    ///
    /// A token of the document may be chosen by several tokens of the query. No vector is zero.
    ///
    /// @param query    one row for each of its tokens, at least one
    /// @param document one row for each of its tokens, at least one
    public static double score(double[][] query, double[][] document) {
        // --- your answer
        double score = 0;
        for (double[] asked : query) {
            double best = Double.NEGATIVE_INFINITY;
            for (double[] found : document) {
                double dot = 0;
                double ours = 0;
                double theirs = 0;
                for (int c = 0; c < asked.length; c++) {
                    dot += asked[c] * found[c];
                    ours += asked[c] * asked[c];
                    theirs += found[c] * found[c];
                }
                best = Math.max(best, dot / Math.sqrt(ours) / Math.sqrt(theirs));
            }
            score += best;
        }
        return score;
        // ---
    }
}
