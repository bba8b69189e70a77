package gradus.lessons.lab.ema;

/// The averages of `θ_t = aᵗ`, which starts at 1 and falls without noise, after t steps.
///
/// @param raw      aᵗ
/// @param plain    an average that starts as a copy and has the decay d from the beginning:
///     `dᵗ + (1 - d)·a·(aᵗ - dᵗ)/(a - d)`
/// @param debiased without the start, over what its weights add up to: `(1 - d)·a·(aᵗ - dᵗ)/((a - d)(1 - dᵗ))`
/// @param warmed   a copy whose decay at update k is `min(d, (1 + k)/(10 + k))`, step by step
record ExactStart(double raw, double plain, double debiased, double warmed) {

    /// @param a     other than d
    /// @param decay d
    static ExactStart of(double a, double decay, int steps) {
        double raw = Math.pow(a, steps);
        double start = Math.pow(decay, steps);
        double seen = (1 - decay) * a * (raw - start) / (a - decay);
        double warmed = 1;
        for (int k = 1; k <= steps; k++) {
            double own = Math.min(decay, (1.0 + k) / (10.0 + k));
            warmed = own * warmed + (1 - own) * Math.pow(a, k);
        }
        return new ExactStart(raw, start + seen, seen / (1 - start), warmed);
    }
}
