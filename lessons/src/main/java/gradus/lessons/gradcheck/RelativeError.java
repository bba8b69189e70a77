package gradus.lessons.gradcheck;

/// How far two gradients are apart.
public final class RelativeError {
    private RelativeError() {}

    /// The largest relative error of two gradients: for each pair of numbers
    ///
    /// `|a − n| / max(|a|, |n|, floor)`,
    ///
    /// and of these the largest. The floor keeps two numbers that should be 0, such as 0 and 1e-15, from
    /// counting as wholly different. If any of the numbers is NaN, the result is NaN: a broken gradient must
    /// not pass. No numbers at all have the error 0.
    ///
    /// @param a     what a backward pass gave
    /// @param n     what differences gave, as many numbers
    /// @param floor above 0
    public static double error(double[] a, double[] n, double floor) {
        // --- your answer
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            double size = Math.max(Math.max(Math.abs(a[i]), Math.abs(n[i])), floor);
            worst = Math.max(worst, Math.abs(a[i] - n[i]) / size); // NaN stays NaN
        }
        return worst;
        // ---
    }
}
