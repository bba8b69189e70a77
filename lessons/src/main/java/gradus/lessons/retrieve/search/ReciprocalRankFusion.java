package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fusion by ranks alone, so that rankings with scores of different kinds can be joined:
///
/// `score(d) = Σ_i w_i / (60 + rank_i(d))`
///
/// The best document of a ranking has rank 1; a ranking that does not have d adds nothing. The constant 60
/// keeps the first place of one ranking from outweighing all else. Cormack, Clarke & Büttcher 2009, *Reciprocal
/// Rank Fusion outperforms Condorcet and individual Rank Learning Methods*.
public final class ReciprocalRankFusion implements Fusion {
    /// The paper's.
    public static final int CONSTANT = 60;

    private final int constant;
    private final Weights weights;

    /// All rankings count alike, unless weights are given, one for each.
    ///
    /// @throws gradus.error.ConfigException if a weight is negative or not finite
    public ReciprocalRankFusion(double... weights) {
        this(CONSTANT, weights);
    }

    /// @param constant in place of 60
    /// @throws gradus.error.ConfigException unless constant ≥ 1 and all weights are finite and not negative
    public ReciprocalRankFusion(int constant, double... weights) {
        require(constant >= 1, "the constant of reciprocal rank fusion must be at least 1; got %d", constant);
        this.constant = constant;
        this.weights = new Weights(weights);
    }

    /// @throws gradus.error.ConfigException if there are weights, but not one for each ranking
    @Override
    public List<Hit> fuse(List<List<Hit>> rankings) {
        Map<String, Double> scores = new HashMap<>();
        List<List<Hit>> distinct = weights.distinct(rankings);
        for (int i = 0; i < distinct.size(); i++) {
            int rank = 1;
            for (Hit hit : distinct.get(i)) {
                scores.merge(hit.id(), weights.at(i) / ((double) constant + rank++), Double::sum);
            }
        }
        return Weights.bestFirst(scores);
    }
}
