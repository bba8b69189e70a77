package gradus.lessons.schedules;

/// Which rate is used when some steps are skipped.
public final class SkippedRates {
    private SkippedRates() {}

    /// A batch whose gradient norm is not finite (NaN or infinite) is skipped: the optimiser takes no step,
    /// and the schedule does not move on. The next good batch gets the rate that the skipped one would have
    /// had. A rate that stands for a skipped batch is 0. Good batches that come after the schedule's end get
    /// its last rate.
    ///
    /// @param norms    the gradient norm of each batch, in order
    /// @param schedule the rates of the optimiser's first, second, … step; at least one
    /// @return the rate of each batch
    public static double[] rates(double[] norms, double[] schedule) {
        // --- your answer
        double[] rates = new double[norms.length];
        int steps = 0;
        for (int i = 0; i < norms.length; i++) {
            if (Double.isFinite(norms[i])) {
                rates[i] = schedule[Math.min(steps, schedule.length - 1)];
                steps++;
            }
        }
        return rates;
        // ---
    }
}
