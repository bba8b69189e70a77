package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fusion by scores, each ranking's brought to 0 … 1 by its smallest and largest one:
///
/// `score(d) = Σ_i w_i · (s_i(d) − min s_i) / (max s_i − min s_i)`
///
/// A ranking that does not have d adds 0. Where all scores of a ranking are equal, each becomes 1: its
/// documents were found, and others were not. It keeps how far apart documents are, which ranks lose; but one
/// that stands far above the others presses them all together.
public final class ScoreFusion implements Fusion {
    private final Weights weights;

    /// All rankings count alike, unless weights are given, one for each.
    ///
    /// @throws gradus.error.ConfigException if a weight is negative or not finite
    public ScoreFusion(double... weights) {
        this.weights = new Weights(weights);
    }

    /// @throws gradus.error.ConfigException if there are weights, but not one for each ranking, or a score is
    ///     not finite
    @Override
    public List<Hit> fuse(List<List<Hit>> rankings) {
        Map<String, Double> scores = new HashMap<>();
        List<List<Hit>> distinct = weights.distinct(rankings);
        for (int i = 0; i < distinct.size(); i++) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            for (Hit hit : distinct.get(i)) {
                require(Double.isFinite(hit.score()), "the score of %s is not finite: %s", hit.id(), hit.score());
                least = Math.min(least, hit.score());
                most = Math.max(most, hit.score());
            }
            for (Hit hit : distinct.get(i)) {
                double share = most == least ? 1 : (hit.score() - least) / (most - least);
                scores.merge(hit.id(), weights.at(i) * share, Double::sum);
            }
        }
        return Weights.bestFirst(scores);
    }
}
