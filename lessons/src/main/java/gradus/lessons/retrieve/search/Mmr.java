package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.List;

/// Maximal marginal relevance: documents that fit the question and do not say the same. Chosen one after
/// another, each time the one with the largest
///
/// `λ·cos(q, d) − (1 − λ)·max_{s chosen} cos(d, s)`
///
/// The second part is 0 as long as nothing is chosen, so the first is the one most similar to the question. λ =
/// 1 orders by similarity alone; small λ put what has been said already last. Carbonell & Goldstein 1998, *The
/// Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries*.
///
/// **Cost** k·N cosines for N candidates.
///
/// @param lambda λ, from 0 to 1
public record Mmr(double lambda) {
    /// @throws gradus.error.ConfigException unless 0 ≤ λ ≤ 1
    public Mmr {
        require(lambda >= 0 && lambda <= 1, "lambda must be from 0 to 1; got %s", lambda);
    }

    /// A chosen candidate.
    ///
    /// @param place where it stands among the candidates
    /// @param value of the criterion when it was chosen
    public record Choice(int place, double value) {}

    /// Chooses k candidates, or all if there are no more; of equal ones that which stands first.
    ///
    /// **Shapes** query (C), candidates (N, C), all of length 1
    ///
    /// @throws gradus.error.ConfigException unless k ≥ 1
    public List<Choice> choose(float[] query, float[][] candidates, int k) {
        require(k >= 1, "k, the number of documents to choose, must be at least 1; got %d", k);
        int n = candidates.length;
        double[] relevance = new double[n];
        double[] nearest = new double[n]; // the largest cosine with a chosen one
        boolean[] chosen = new boolean[n];
        for (int i = 0; i < n; i++) {
            relevance[i] = UnitVectors.cosine(query, candidates[i]);
        }
        List<Choice> choices = new ArrayList<>();
        while (choices.size() < Math.min(k, n)) {
            boolean first = choices.isEmpty();
            int best = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < n; i++) {
                double value = first ? relevance[i] : lambda * relevance[i] - (1 - lambda) * nearest[i];
                if (!chosen[i] && value > most) {
                    best = i;
                    most = value;
                }
            }
            chosen[best] = true;
            choices.add(new Choice(best, first ? lambda * most : most));
            for (int i = 0; i < n; i++) {
                double cosine = UnitVectors.cosine(candidates[best], candidates[i]);
                nearest[i] = first ? cosine : Math.max(nearest[i], cosine);
            }
        }
        return choices;
    }
}
