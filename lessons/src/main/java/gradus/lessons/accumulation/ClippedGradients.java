package gradus.lessons.accumulation;

/// Gradients that are not longer than they may be.
public final class ClippedGradients {
    private ClippedGradients() {}

    /// Multiplies all gradients by one factor, `min(1, max/(norm + 1e-6))`, where `norm = √Σg²` goes over all
    /// numbers of all parameters together. So the direction stays, and only a gradient that is too long
    /// becomes shorter. If the norm is not finite, because a number is NaN or infinite, nothing is changed.
    ///
    /// @param gradients one row for each parameter; rows may differ in length, and may be empty
    /// @param max       the largest norm, above 0
    /// @return new rows; the given ones stay as they are
    public static double[][] clip(double[][] gradients, double max) {
        // --- your answer
        double sum = 0;
        for (double[] row : gradients) {
            for (double g : row) {
                sum += g * g;
            }
        }
        double norm = Math.sqrt(sum);
        double factor = Double.isFinite(norm) ? Math.min(1, max / (norm + 1e-6)) : 1;
        double[][] clipped = new double[gradients.length][];
        for (int i = 0; i < clipped.length; i++) {
            clipped[i] = gradients[i].clone();
            for (int j = 0; j < clipped[i].length; j++) {
                clipped[i][j] *= factor;
            }
        }
        return clipped;
        // ---
    }
}
