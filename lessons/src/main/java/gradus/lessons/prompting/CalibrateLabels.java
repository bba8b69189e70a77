package gradus.lessons.prompting;

/// What a prompt favours, taken out of the answers.
public final class CalibrateLabels {
    private CalibrateLabels() {}

    /// A model that classifies by a prompt likes some labels better than others, whatever the question is. How
    /// much, its answers to questions that mean nothing tell, such as `N/A`. Contextual calibration takes the
    /// mean of these answers, `m[y]` for the label y, and divides by it:
    ///
    /// `q[y] = (p[y] / m[y]) / Σ (p[z] / m[z])`, the sum over all labels z
    ///
    /// **Shapes** p (Y), contentFree (K, Y) → (Y), with the sum 1
    ///
    /// @param p           the probabilities of the labels for a question
    /// @param contentFree those for K ≥ 1 questions that mean nothing, all above 0
    public static double[] calibrate(double[] p, double[][] contentFree) {
        // --- your answer
        double[] q = new double[p.length];
        double sum = 0;
        for (int y = 0; y < p.length; y++) {
            double mean = 0;
            for (double[] each : contentFree) {
                mean += each[y] / contentFree.length;
            }
            q[y] = p[y] / mean;
            sum += q[y];
        }
        for (int y = 0; y < p.length; y++) {
            q[y] /= sum;
        }
        return q;
        // ---
    }
}
