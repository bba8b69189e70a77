package gradus.lessons.wordpiece;

import java.util.List;
import java.util.Map;

/// Which two pieces to join in training.
public final class PieceScore {
    private PieceScore() {}

    /// The pair of neighbouring pieces with the largest `count(pair) / (count(left) · count(right))`: not the
    /// pair that occurs most often, but the one whose parts occur together more than by chance. No two pairs
    /// have the same score. Counts are positive and may be as large as 2,000,000,000.
    ///
    /// @param pairs  each pair, as `[left, right]`, and how often it occurs; at least one
    /// @param counts each piece and how often it occurs
    public static List<String> best(Map<List<String>, Integer> pairs, Map<String, Integer> counts) {
        // --- your answer
        List<String> best = null;
        double highest = -1;
        for (Map.Entry<List<String>, Integer> each : pairs.entrySet()) {
            List<String> pair = each.getKey();
            double score = (double) each.getValue() / counts.get(pair.get(0)) / counts.get(pair.get(1));
            if (score > highest) {
                best = pair;
                highest = score;
            }
        }
        return best;
        // ---
    }
}
