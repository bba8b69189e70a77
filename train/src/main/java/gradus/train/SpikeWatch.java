package gradus.train;

import gradus.train.checkpoint.TrainingProgress.Spikes;

/// Notices when the loss jumps up: when it is above its running mean by more than 6 standard deviations and
/// by more than 20 %. Mean and deviation are those of about the last 50 steps. In the first 20 steps, where
/// the loss falls fast, nothing counts as a jump.
final class SpikeWatch {
    private static final double MEMORY = 0.98;
    private static final int QUIET = 20;

    private double mean;
    private double variance;
    private int seen;

    /// The state, to be saved in a checkpoint.
    Spikes memory() {
        return new Spikes(mean, variance, seen);
    }

    /// Continues from a saved state.
    void goOn(Spikes from) {
        mean = from.mean();
        variance = from.variance();
        seen = from.seen();
    }

    /// Records a loss. Returns a spike if the loss is one, else null.
    Spike watch(int step, double loss) {
        double usual = mean;
        double far = 6 * Math.sqrt(variance);
        boolean spike = seen >= QUIET && loss - usual > Math.max(far, 0.2 * Math.abs(usual));
        double weight = seen == 0 ? 1 : Math.max(1 - MEMORY, 1.0 / (seen + 1));
        double away = loss - mean;
        mean += weight * away;
        variance = (1 - weight) * (variance + weight * away * away);
        seen++;
        return spike ? new Spike(step, loss, usual) : null;
    }
}
