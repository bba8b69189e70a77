package gradus.lessons.bpe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// From a word's bytes to its tokens.
public final class BpeEncode {
    private BpeEncode() {}

    /// Merges as training did: again and again the pair of neighbours whose **rank** is lowest, that is the
    /// one learnt first. If it stands at several places, the leftmost merges first. Ends when no pair of
    /// neighbours has a rank. The merge of rank r makes the id 256 + r.
    ///
    /// @param bytes the word, one number from 0 to 255 for each byte; may be empty; is not changed
    /// @param ranks each learnt pair, as `[left, right]`, and its rank, from 0
    /// @return a new list
    public static List<Integer> encode(List<Integer> bytes, Map<List<Integer>, Integer> ranks) {
        // --- your answer
        List<Integer> ids = new ArrayList<>(bytes);
        while (true) {
            int at = -1;
            int lowest = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < ids.size(); i++) {
                Integer rank = ranks.get(List.of(ids.get(i), ids.get(i + 1)));
                if (rank != null && rank < lowest) {
                    at = i;
                    lowest = rank;
                }
            }
            if (at < 0) {
                return ids;
            }
            ids.set(at, 256 + lowest);
            ids.remove(at + 1);
        }
        // ---
    }
}
