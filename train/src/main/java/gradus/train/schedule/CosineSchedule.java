package gradus.train.schedule;

/// Linear warm-up, then half a cosine from the largest rate to the smallest:
/// `lr(t) = min + ½(1 + cos π(t - w)/(n - w))(max - min)` from step w to step n, and min after it.
/// Loshchilov & Hutter 2016, arXiv:1608.03983, with one period, as GPT-3 and nanoGPT use it.
///
/// @param config gives max (lr), min (minLr) and w (warmup)
/// @param steps  n, of the whole training
public record CosineSchedule(ScheduleConfig config, int steps) implements Schedule {

    /// @throws gradus.error.ConfigException if the numbers do not fit each other
    public CosineSchedule {
        config.validate(steps);
    }

    @Override
    public double lrAt(int step) {
        int warmup = config.warmup();
        return step < warmup ? config.warm(step) : Decay.COSINE.rate(config, warmup, steps, step);
    }
}
