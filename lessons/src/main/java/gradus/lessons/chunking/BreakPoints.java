package gradus.lessons.chunking;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The places where neighbouring sentences are far apart.
public final class BreakPoints {
    private BreakPoints() {}

    /// Between the sentences of a text there are distances. The text is cut behind sentence i if `distances[i]`
    /// is **greater** than a percentile of `all`, the distances of a whole collection of texts (or of this text
    /// alone).
    ///
    /// The percentile is found among the n sorted values `s[0] ≤ … ≤ s[n − 1]` of `all` at place `percent / 100
    /// · (n − 1)`. Where that is no whole number, it lies on the straight line between the two values beside
    /// it: at place 2.25 it is `s[2] + 0.25 · (s[3] − s[2])`.
    ///
    /// @param all     at least one
    /// @param percent from 0 to 100
    /// @return the i behind which to cut, ascending
    public static int[] breaks(double[] distances, double[] all, double percent) {
        // --- your answer
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        double place = percent / 100 * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, sorted.length - 1);
        double weight = place - below;
        double threshold = sorted[below] + weight * (sorted[above] - sorted[below]);
        return IntStream.range(0, distances.length)
                .filter(i -> distances[i] > threshold)
                .toArray();
        // ---
    }
}
