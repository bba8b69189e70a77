package gradus.train.schedule;

/// Linear warm-up, then a fall with the inverse square root of the step: `lr(t) = max·√((w + 1)/(t + 1))`
/// from step w on, never below min. Vaswani et al. 2017, "Attention is all you need", section 5.3. It does
/// not depend on how many steps the training has.
///
/// @param config gives max (lr), min (minLr) and w (warmup)
public record InverseSqrtSchedule(ScheduleConfig config) implements Schedule {
    @Override
    public double lrAt(int step) {
        int warmup = config.warmup();
        return step < warmup
                ? config.warm(step)
                : Math.max(config.minLr(), config.lr() * Math.sqrt((warmup + 1.0) / (step + 1.0)));
    }
}
