package gradus.train.rl;

/// How much of a part lies where the clip takes the gradient away, and how large ratios are.
final class ClipMetrics {
    private ClipMetrics() {}

    /// Measures under GRPO's names in TRL. A token counts as clipped where its gradient is 0: below 1 - ε_low
    /// if it was worse than expected, above 1 + ε_high if it was better.
    ///
    /// @param logRatios  log ρ of each token of each completion
    /// @param advantages A of each token
    static void measure(StepMetrics metrics, double[][] logRatios, double[][] advantages, double low, double high) {
        int tokens = 0;
        int below = 0;
        int above = 0;
        for (int i = 0; i < logRatios.length; i++) {
            for (int t = 0; t < logRatios[i].length; t++, tokens++) {
                double ratio = Math.exp(logRatios[i][t]);
                below += ratio < 1 - low && advantages[i][t] < 0 ? 1 : 0;
                above += ratio > 1 + high && advantages[i][t] > 0 ? 1 : 0;
            }
        }
        double lowShare = below / (double) Math.max(1, tokens);
        double highShare = above / (double) Math.max(1, tokens);
        metrics.mean("clip_ratio/low_mean", lowShare, tokens);
        metrics.min("clip_ratio/low_min", lowShare);
        metrics.mean("clip_ratio/high_mean", highShare, tokens);
        metrics.max("clip_ratio/high_max", highShare);
        metrics.mean("clip_ratio/region_mean", lowShare + highShare, tokens);
    }

    /// Measures under PPO's names in TRL: `policy/approxkl_avg` is `½·mean (log ρ)²`, `val/ratio` and
    /// `val/ratio_var` are mean and variance of ρ over the tokens of the step, the latter within parts.
    static void measure(StepMetrics metrics, double[][] logRatios, double[][] advantages, double clip) {
        int tokens = 0;
        int clipped = 0;
        double squares = 0;
        double sum = 0;
        double sumOfSquares = 0;
        for (int i = 0; i < logRatios.length; i++) {
            for (int t = 0; t < logRatios[i].length; t++, tokens++) {
                double log = logRatios[i][t];
                double ratio = Math.exp(log);
                squares += log * log;
                sum += ratio;
                sumOfSquares += ratio * ratio;
                boolean gone = advantages[i][t] > 0 ? ratio > 1 + clip : advantages[i][t] < 0 && ratio < 1 - clip;
                clipped += gone ? 1 : 0;
            }
        }
        int count = Math.max(1, tokens);
        metrics.mean("policy/approxkl_avg", 0.5 * squares / count, tokens);
        metrics.mean("policy/clipfrac_avg", clipped / (double) count, tokens);
        metrics.mean("val/ratio", sum / count, tokens);
        double mean = sum / count;
        metrics.mean("val/ratio_var", Math.max(0, sumOfSquares / count - mean * mean), tokens);
    }
}
