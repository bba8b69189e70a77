package gradus.lessons.retrieval;

import java.util.Arrays;

/// How good a ranking is.
public final class NdcgAtK {
    private NdcgAtK() {}

    /// Normalised discounted cumulative gain of the first k documents:
    ///
    /// `DCG = Σ_{i=1…k} grade_i / log₂(i + 1)`, divided by the largest DCG that any order of all documents has
    ///
    /// That is the order with the highest grades first, which is cut at k as well. Fewer than k documents may
    /// have been found, and fewer than k may exist.
    ///
    /// @param found the grades of the documents that were found, in their order, best first
    /// @param all   the grades of all documents, in any order; at least one is above 0. It must not be changed
    public static double ndcg(int[] found, int[] all, int k) {
        // --- your answer
        int[] best = all.clone();
        Arrays.sort(best); // the highest grades last
        double gain = 0;
        double ideal = 0;
        for (int i = 0; i < k; i++) {
            double discount = Math.log(i + 2) / Math.log(2);
            gain += i < found.length ? found[i] / discount : 0;
            ideal += i < best.length ? best[best.length - 1 - i] / discount : 0;
        }
        return gain / ideal;
        // ---
    }
}
