package gradus.lessons.retrieval;

/// Several rankings become one.
public final class RankFusion {
    private RankFusion() {}

    /// Reciprocal rank fusion: the score of each document is the sum of
    ///
    /// `1 / (60 + rank)`
    ///
    /// over the rankings that have it. The best document of a ranking has rank 1. A ranking that does not have
    /// the document adds nothing.
    ///
    /// @param rankings each names documents by their numbers, best first, none twice
    /// @param count    how many documents there are, numbered from 0
    /// @return the score of each document
    public static double[] fuse(int[][] rankings, int count) {
        // --- your answer
        double[] scores = new double[count];
        for (int[] ranking : rankings) {
            for (int i = 0; i < ranking.length; i++) {
                scores[ranking[i]] += 1.0 / (60 + i + 1);
            }
        }
        return scores;
        // ---
    }
}
