package gradus.train;

/// The learning rate of each step, counted from 0.
@FunctionalInterface
public interface Schedule {
    double lrAt(int step);

    /// The schedule that a configuration names.
    ///
    /// @throws gradus.error.ConfigException if its values do not fit each other, see [TrainConfig#validate]
    static Schedule of(TrainConfig config) {
        config.validate();
        return switch (config.schedule()) {
            case CONSTANT -> new ConstantSchedule(config);
            case COSINE -> new CosineSchedule(config);
            case LINEAR -> new LinearSchedule(config);
            case INVERSE_SQRT -> new InverseSqrtSchedule(config);
            case WSD -> new WarmupStableDecay(config, Decay.ONE_MINUS_SQRT);
            case WSD_LINEAR -> new WarmupStableDecay(config, Decay.LINEAR);
            case WSD_COSINE -> new WarmupStableDecay(config, Decay.COSINE);
        };
    }

    /// Linear warm-up over w steps: the factor `(t + 1)/(w + 1)` before step w, then 1. Never 0, as in nanoGPT.
    static double warmup(int step, int warmup) {
        return step < warmup ? (step + 1.0) / (warmup + 1.0) : 1;
    }
}
