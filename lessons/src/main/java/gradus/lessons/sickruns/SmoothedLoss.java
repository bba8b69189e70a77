package gradus.lessons.sickruns;

/// The curve beneath the noise.
public final class SmoothedLoss {
    private SmoothedLoss() {}

    /// The exponential moving average of a run's losses, corrected for its start at 0 as Adam corrects its means:
    /// `mₜ = β·mₜ₋₁ + (1 - β)·xₜ` with m₀ = 0, and what is shown is `mₜ / (1 - βᵗ)`, t counted from 1.
    ///
    /// A loss that is not finite (NaN or infinite) is left out: it does not change m and is not counted in t;
    /// the value shown at its place is the one before it, or NaN if there is none yet.
    ///
    /// @param losses of each step
    /// @param beta   β, from 0 to below 1
    /// @return as many numbers as there are losses
    public static double[] smoothed(double[] losses, double beta) {
        // --- your answer
        double[] shown = new double[losses.length];
        double mean = 0;
        double correction = 1; // βᵗ
        double last = Double.NaN;
        for (int i = 0; i < losses.length; i++) {
            if (Double.isFinite(losses[i])) {
                mean = beta * mean + (1 - beta) * losses[i];
                correction *= beta;
                last = mean / (1 - correction);
            }
            shown[i] = last;
        }
        return shown;
        // ---
    }
}
