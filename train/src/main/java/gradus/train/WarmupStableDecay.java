package gradus.train;

/// Linear warm-up, then the full rate, and over the last fifth of training a fall by one minus a square root:
/// `lr(t) = max - √((t - d)/(n - d))(max - min)` from step d = ⌈0.8·n⌉ to step n. Unlike a cosine, the long middle part
/// does not depend on how long training will be. Hägele et al. 2024, arXiv:2405.18392.
///
/// @param config gives max (lr), min (minLr), the warm-up and n (steps)
public record WarmupStableDecay(TrainConfig config) implements Schedule {
    private static final double DECAY_FRACTION = 0.2;

    @Override
    public double lrAt(int step) {
        int steps = config.steps();
        int decay = Math.max(config.warmup(), (int) Math.ceil(steps * (1 - DECAY_FRACTION)));
        if (step < decay) {
            return config.lr() * Schedule.warmup(step, config.warmup());
        }
        double progress = Math.min(1, (double) (step - decay) / Math.max(1, steps - decay));
        return config.lr() - Math.sqrt(progress) * (config.lr() - config.minLr());
    }
}
