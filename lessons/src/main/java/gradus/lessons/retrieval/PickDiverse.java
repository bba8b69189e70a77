package gradus.lessons.retrieval;

/// Passages that fit the question and do not repeat each other.
public final class PickDiverse {
    private PickDiverse() {}

    /// Maximal marginal relevance: picks k passages one after the other, each time the one with the largest
    ///
    /// `λ·toQuestion[d] − (1 − λ)·max over the picked e of between[d][e]`
    ///
    /// among those not picked yet. As long as nothing is picked, the second term is 0. Of equals the one with
    /// the lower number is picked.
    ///
    /// @param toQuestion how like each passage is to the question, between -1 and 1
    /// @param between    how like each passage is to each other one, between -1 and 1
    /// @param lambda     from 0, as unlike as can be, to 1, the question alone
    /// @param k          from 0 to the number of passages
    /// @return their numbers, in the order in which they are picked
    public static int[] pick(double[] toQuestion, double[][] between, double lambda, int k) {
        // --- your answer
        int[] picked = new int[k];
        boolean[] taken = new boolean[toQuestion.length];
        for (int place = 0; place < k; place++) {
            int best = -1;
            double most = 0;
            for (int d = 0; d < toQuestion.length; d++) {
                if (taken[d]) {
                    continue;
                }
                double like = place == 0 ? 0 : -1;
                for (int i = 0; i < place; i++) {
                    like = Math.max(like, between[d][picked[i]]);
                }
                double gain = lambda * toQuestion[d] - (1 - lambda) * like;
                if (best < 0 || gain > most) {
                    best = d;
                    most = gain;
                }
            }
            picked[place] = best;
            taken[best] = true;
        }
        return picked;
        // ---
    }
}
