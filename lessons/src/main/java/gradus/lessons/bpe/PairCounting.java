package gradus.lessons.bpe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How often each pair of neighbours stands in a corpus.
public final class PairCounting {
    private PairCounting() {}

    /// The corpus is a list of words; `words.get(w)` holds the ids of one word, and that word stands
    /// `times[w]` times in the corpus. Give each pair of neighbouring ids, as `List.of(left, right)`, and how
    /// often it occurs.
    ///
    /// - Every place counts, overlapping ones too: the word 1 1 1 holds the pair (1, 1) twice.
    /// - A pair never reaches from one word into the next.
    /// - (1, 2) and (2, 1) are two pairs.
    /// - Words may be empty or hold one id: these have no pair. Pairs that do not occur are not in the map.
    public static Map<List<Integer>, Integer> count(List<List<Integer>> words, int[] times) {
        // --- your answer
        Map<List<Integer>, Integer> counts = new HashMap<>();
        for (int w = 0; w < words.size(); w++) {
            List<Integer> word = words.get(w);
            for (int i = 0; i + 1 < word.size(); i++) {
                counts.merge(List.of(word.get(i), word.get(i + 1)), times[w], Integer::sum);
            }
        }
        return counts;
        // ---
    }
}
