package gradus.lessons.schedules;

import gradus.train.schedule.ScheduleConfig;

/// The learning rate of every step: up in a line, down in half a cosine.
public final class WarmupCosine {
    private WarmupCosine() {}

    /// With lr = config.lr(), min = config.minLr(), w = config.warmup() and n = steps:
    /// ```
    /// t < w        lr·(t + 1)/(w + 1)
    /// w ≤ t < n    min + ½·(1 + cos(π·(t - w)/(n - w)))·(lr - min)
    /// t ≥ n        min
    /// ```
    /// So the first step has a rate above 0, step w is the first with the whole lr, and step n would be the
    /// first with min. w may be 0, and is less than n.
    ///
    /// @param step t, from 0; it may be n or larger
    public static double rate(int step, int steps, ScheduleConfig config) {
        // --- your answer
        if (step < config.warmup()) {
            return config.lr() * (step + 1) / (config.warmup() + 1);
        }
        double done = Math.min(1, (double) (step - config.warmup()) / (steps - config.warmup()));
        return config.minLr() + 0.5 * (1 + Math.cos(Math.PI * done)) * (config.lr() - config.minLr());
        // ---
    }
}
