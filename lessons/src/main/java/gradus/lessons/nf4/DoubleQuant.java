package gradus.lessons.nf4;

/// Scales that are themselves rounded to a few levels.
public final class DoubleQuant {
    private DoubleQuant() {}

    /// All scales are positive, so their mean m over **all** of them is taken off first: what is left has both
    /// signs. It is cut into blocks of `block` scales, the last of which may be shorter; each block is divided
    /// by the largest magnitude d in it, and rounded to the nearest number of `map`; exactly between two, the
    /// lower one. The result is what comes back of each scale:
    /// ```
    /// s ≈ map[q]·d + m
    /// ```
    /// If nothing is left in a block, as all its scales are m, they come back as m.
    ///
    /// @param scales one or more
    /// @param map    rising, from -1 to 1, with 0 among them; not in equal steps
    public static double[] restored(double[] scales, int block, double[] map) {
        double[] restored = new double[scales.length];
        // --- your answer
        double mean = 0;
        for (double scale : scales) {
            mean += scale / scales.length;
        }
        for (int i = 0; i < scales.length; i++) {
            int from = i / block * block;
            double largest = 0;
            for (int j = from; j < Math.min(from + block, scales.length); j++) {
                largest = Math.max(largest, Math.abs(scales[j] - mean));
            }
            double x = largest == 0 ? 0 : (scales[i] - mean) / largest;
            double nearest = map[0];
            for (double level : map) {
                nearest = Math.abs(x - level) < Math.abs(x - nearest) ? level : nearest;
            }
            restored[i] = nearest * largest + mean;
        }
        return restored;
        // ---
    }
}
