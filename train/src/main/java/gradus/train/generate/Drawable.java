package gradus.train.generate;

import java.util.function.IntPredicate;

/// Excludes tokens that must not be drawn, by setting their logits to -∞, so that no sampling method can pick
/// them.
final class Drawable {
    private Drawable() {}

    /// The rows themselves, changed in place.
    static double[][] masked(double[][] logits, IntPredicate drawable) {
        for (double[] row : logits) {
            for (int id = 0; id < row.length; id++) {
                if (!drawable.test(id)) {
                    row[id] = Double.NEGATIVE_INFINITY;
                }
            }
        }
        return logits;
    }
}
