package gradus.lessons.beams;

import java.util.ArrayList;
import java.util.List;

/// The caches of beams that change their places.
public final class BeamCaches {
    private BeamCaches() {}

    /// After a step of the search, beam i of the new ones continues beam `origins[i]` of the old ones. Its
    /// cache must be that of the beam it continues: a list of the keys of all its positions so far.
    ///
    /// An old beam may be continued by several new ones, or by none, and there may be more new ones than old
    /// ones. Each new cache is a list of its own to which keys can be added, and which no other one sees. The
    /// keys themselves (`double[]`) never change and may be shared. The old lists stay as they are.
    ///
    /// @param caches  the old beams' caches
    /// @param origins the old beam of each new one
    /// @return the new beams' caches
    public static List<List<double[]>> reorder(List<List<double[]>> caches, int[] origins) {
        // --- your answer
        List<List<double[]>> reordered = new ArrayList<>();
        for (int origin : origins) {
            reordered.add(new ArrayList<>(caches.get(origin)));
        }
        return reordered;
        // ---
    }
}
