package gradus.train.schedule;

/// Linear warm-up, then the largest rate, and in the last fifth of training, from step d = ⌈0.8·n⌉ to step n,
/// a fall to the smallest. Unlike in a cosine, the long middle part does not depend on the length of the
/// training, so a training can be continued from its end. Hägele et al. 2024, arXiv:2405.18392.
///
/// @param config gives max (lr), min (minLr) and the warm-up
/// @param steps  n, of the whole training
/// @param decay  the form of the fall
public record WarmupStableDecay(ScheduleConfig config, int steps, Decay decay) implements Schedule {
    private static final double DECAY_FRACTION = 0.2;

    /// @throws gradus.error.ConfigException if the numbers do not fit each other
    public WarmupStableDecay {
        config.validate(steps);
    }

    @Override
    public double lrAt(int step) {
        int fall = Math.max(config.warmup(), (int) Math.ceil(steps * (1 - DECAY_FRACTION)));
        return step < fall ? config.warm(step) : decay.rate(config, fall, steps, step);
    }
}
