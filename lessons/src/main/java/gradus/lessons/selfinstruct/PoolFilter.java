package gradus.lessons.selfinstruct;

import java.util.ArrayList;
import java.util.List;

/// Texts that are not too like each other.
public final class PoolFilter {
    private PoolFilter() {}

    /// Lets new texts into a pool, one after the other. The first texts are seeds, which are in the pool from
    /// the beginning, however alike they are. Each of the others is compared with **all that are in the pool by
    /// then**, seeds and texts that were let in before it, and comes in unless it is **more** like one of these
    /// than the threshold. What was refused is gone: nothing is compared with it.
    ///
    /// **Shapes** like (N, N)
    ///
    /// @param like      how like each two texts are, from 0 to 1, 1 for a text and itself
    /// @param seeds     how many seeds there are
    /// @param threshold the most that two texts of the pool may be alike
    /// @return the numbers of the texts that came in, ascending, without the seeds
    public static int[] kept(double[][] like, int seeds, double threshold) {
        // --- your answer
        List<Integer> pool = new ArrayList<>();
        for (int i = 0; i < like.length; i++) {
            double most = 0;
            for (int j : pool) {
                most = Math.max(most, like[i][j]);
            }
            if (i < seeds || most <= threshold) {
                pool.add(i);
            }
        }
        return pool.stream().mapToInt(i -> i).filter(i -> i >= seeds).toArray();
        // ---
    }
}
