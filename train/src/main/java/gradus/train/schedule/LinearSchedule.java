package gradus.train.schedule;

/// Linear warm-up, then a straight line from the largest rate to the smallest:
/// `lr(t) = max - (t - w)/(n - w)·(max - min)` from step w to step n, and min after it. BERT's, with min = 0.
///
/// @param config gives max (lr), min (minLr), w (warmup) and n (steps)
public record LinearSchedule(ScheduleConfig config) implements Schedule {
    @Override
    public double lrAt(int step) {
        int warmup = config.warmup();
        return step < warmup ? config.lr() * Schedule.warmup(step, warmup) : Decay.LINEAR.rate(config, warmup, step);
    }
}
