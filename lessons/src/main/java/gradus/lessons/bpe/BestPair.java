package gradus.lessons.bpe;

import java.util.List;
import java.util.Map;

/// Which pair to merge next.
public final class BestPair {
    private BestPair() {}

    /// The pair with the largest count. Of pairs with the same count the one whose left id is smallest; if
    /// these are the same too, the one whose right id is smallest. Then the result does not depend on the
    /// order in which the map gives its entries.
    ///
    /// @param counts each pair, as `[left, right]`, and how often it occurs; at least one pair
    public static List<Integer> best(Map<List<Integer>, Integer> counts) {
        // --- your answer
        List<Integer> best = null;
        int most = 0;
        for (Map.Entry<List<Integer>, Integer> each : counts.entrySet()) {
            List<Integer> pair = each.getKey();
            int count = each.getValue();
            boolean first = best == null
                    || pair.get(0) < best.get(0)
                    || pair.get(0).equals(best.get(0)) && pair.get(1) < best.get(1);
            if (count > most || count == most && first) {
                best = pair;
                most = count;
            }
        }
        return best;
        // ---
    }
}
