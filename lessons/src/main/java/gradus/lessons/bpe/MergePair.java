package gradus.lessons.bpe;

import java.util.ArrayList;
import java.util.List;

/// One merge, wherever it applies.
public final class MergePair {
    private MergePair() {}

    /// The ids with every `left, right` that stand side by side replaced by the one id `merged`. Goes from
    /// left to right, and an id belongs to one merge only: merging (1, 1) into 9 makes 9 1 of 1 1 1.
    ///
    /// @param ids may be empty; is not changed
    /// @return a new list
    public static List<Integer> merge(List<Integer> ids, int left, int right, int merged) {
        // --- your answer
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (i + 1 < ids.size() && ids.get(i) == left && ids.get(i + 1) == right) {
                result.add(merged);
                i++;
            } else {
                result.add(ids.get(i));
            }
        }
        return result;
        // ---
    }
}
