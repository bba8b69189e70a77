package gradus.train.schedule;

import static gradus.error.ConfigException.require;

/// What every [Schedule] of the library is set to.
///
/// @param lr     the largest learning rate
/// @param minLr  where the schedule ends, from 0 to lr
/// @param warmup steps over which the rate rises from near 0
/// @param steps  of the whole training, at least as many as of the warm-up
public record ScheduleConfig(double lr, double minLr, int warmup, int steps) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public ScheduleConfig {
        require(lr > 0 && Double.isFinite(lr), "lr must be a number above 0; got %s", lr);
        require(minLr >= 0 && minLr <= lr, "minLr must be in [0, lr]; got %s with lr=%s", minLr, lr);
        require(steps >= 1, "steps must be at least 1; got %d", steps);
        require(
                warmup >= 0 && warmup <= steps,
                "warmup must be at least 0 and at most steps; got warmup=%d, steps=%d",
                warmup,
                steps);
    }

    /// A rate for so many steps, without warm-up, down to 0 where the schedule falls.
    public static ScheduleConfig of(double lr, int steps) {
        return new ScheduleConfig(lr, 0, 0, steps);
    }

    public ScheduleConfig withMinLr(double minLr) {
        return new ScheduleConfig(lr, minLr, warmup, steps);
    }

    public ScheduleConfig withWarmup(int warmup) {
        return new ScheduleConfig(lr, minLr, warmup, steps);
    }
}
