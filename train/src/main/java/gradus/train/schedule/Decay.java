package gradus.train.schedule;

/// The curve by which a learning rate falls from the largest to the smallest: the part of the difference that
/// is left when the part x, from 0 to 1, of the steps is done.
public enum Decay {
    /// `1 - x`
    LINEAR,
    /// `½(1 + cos πx)`
    COSINE,
    /// `1 - √x`, which falls fast at first. Best of the three in Hägele et al. 2024, arXiv:2405.18392.
    ONE_MINUS_SQRT;

    double left(double x) {
        return switch (this) {
            case LINEAR -> 1 - x;
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * x));
            case ONE_MINUS_SQRT -> 1 - Math.sqrt(x);
        };
    }

    /// The learning rate at a step between step `first`, where it is lr, and step `last`, where it is minLr.
    double rate(ScheduleConfig config, int first, int last, int step) {
        double x = Math.min(1, (double) (step - first) / Math.max(1, last - first));
        return config.minLr() + left(x) * (config.lr() - config.minLr());
    }
}
