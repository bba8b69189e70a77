package gradus.lessons.schedules;

import gradus.train.schedule.ScheduleConfig;

/// A learning rate that stays until training is about to end.
public final class StableDecay {
    private StableDecay() {}

    /// With lr = config.lr(), min = config.minLr(), w = config.warmup(), n = steps and f = the first step of
    /// the fall:
    /// ```
    /// t < w        lr·(t + 1)/(w + 1)
    /// w ≤ t < f    lr
    /// f ≤ t < n    min + (1 - √x)·(lr - min)    where x = (t - f)/(n - f)
    /// t ≥ n        min
    /// ```
    /// where f = ⌈n·4/5⌉, that is n·4/5 if it is a whole number and the next whole number if it is not, but
    /// at least w. w may be 0, and is less than n. For n below 5, f may be n: then nothing falls before step
    /// n.
    ///
    /// @param step t, from 0; it may be n or larger
    public static double rate(int step, int steps, ScheduleConfig config) {
        // --- your answer
        if (step >= steps) {
            return config.minLr();
        }
        if (step < config.warmup()) {
            return config.lr() * (step + 1) / (config.warmup() + 1);
        }
        int fall = Math.max(config.warmup(), (4 * steps + 4) / 5);
        if (step < fall) {
            return config.lr();
        }
        double x = (double) (step - fall) / (steps - fall);
        return config.minLr() + (1 - Math.sqrt(x)) * (config.lr() - config.minLr());
        // ---
    }
}
