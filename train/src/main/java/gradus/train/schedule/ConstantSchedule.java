package gradus.train.schedule;

/// Linear warm-up, then `lr`.
///
/// @param config gives lr and warmup
public record ConstantSchedule(ScheduleConfig config) implements Schedule {
    @Override
    public double lrAt(int step) {
        return config.warm(step);
    }
}
