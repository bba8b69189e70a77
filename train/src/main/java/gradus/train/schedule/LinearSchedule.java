package gradus.train.schedule;

/// Linear warm-up, then a straight line from the largest rate to the smallest:
/// `lr(t) = max - (t - w)/(n - w)·(max - min)` from step w to step n, and min after it. BERT's, with min = 0.
///
/// @param config gives max (lr), min (minLr) and w (warmup)
/// @param steps  n, of the whole training
public record LinearSchedule(ScheduleConfig config, int steps) implements Schedule {

    /// @throws gradus.error.ConfigException if the numbers do not fit each other
    public LinearSchedule {
        config.validate(steps);
    }

    @Override
    public double lrAt(int step) {
        int warmup = config.warmup();
        return step < warmup ? config.warm(step) : Decay.LINEAR.rate(config, warmup, steps, step);
    }
}
