package gradus.train.schedule;

import static gradus.error.ConfigException.require;

/// The settings that all [schedules][Schedule] of the library share.
///
/// @param lr     the largest learning rate
/// @param minLr  the smallest learning rate, at the end of the schedule; from 0 to lr
/// @param warmup steps over which the rate rises from near 0
public record ScheduleConfig(double lr, double minLr, int warmup) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public ScheduleConfig {
        require(lr > 0 && Double.isFinite(lr), "lr must be a number above 0; got %s", lr);
        require(minLr >= 0 && Double.isFinite(minLr), "minLr must be a number of at least 0; got %s", minLr);
        require(warmup >= 0, "warmup must be at least 0; got %d", warmup);
    }

    /// A learning rate without warm-up, which falls to 0 if the schedule falls.
    public static ScheduleConfig of(double lr) {
        return new ScheduleConfig(lr, 0, 0);
    }

    /// Throws if the numbers do not fit together. Every schedule calls it when it is made.
    ///
    /// @param steps of the whole training
    /// @throws gradus.error.ConfigException naming both numbers
    public void validate(int steps) {
        require(steps >= 1, "steps must be at least 1; got %d", steps);
        require(minLr <= lr, "minLr must be in [0, lr]; got %s with lr=%s", minLr, lr);
        require(warmup <= steps, "warmup must be at most steps; got warmup=%d, steps=%d", warmup, steps);
    }

    /// The learning rate during warm-up: `lr·(t + 1)/(w + 1)` before step w, then lr. Never 0, as in nanoGPT.
    double warm(int step) {
        return step < warmup ? lr * ((step + 1.0) / (warmup + 1.0)) : lr;
    }

    public ScheduleConfig withLr(double lr) {
        return new ScheduleConfig(lr, minLr, warmup);
    }

    public ScheduleConfig withMinLr(double minLr) {
        return new ScheduleConfig(lr, minLr, warmup);
    }

    public ScheduleConfig withWarmup(int warmup) {
        return new ScheduleConfig(lr, minLr, warmup);
    }
}
