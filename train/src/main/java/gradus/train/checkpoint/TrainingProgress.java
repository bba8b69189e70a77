package gradus.train.checkpoint;

/// How far a training is, besides its tensors: with them, everything that its next step depends on. The
/// random numbers and the batches of a step follow from the seed and the step's number, and so does the
/// learning rate; so there is no generator to keep, and no place in the data.
///
/// @param format         of the checkpoint's files
/// @param config         how the training was configured, seed included
/// @param data           SHA-256 of the tokens it trains on and is measured by
/// @param step           how many steps are done
/// @param skipped        how many of them left the weights as they were
/// @param skippedInARow  how many of the last ones did
/// @param lossSum        of the steps since the last evaluation
/// @param lossCount      how many those are
/// @param evaluatedAt    the step of the last evaluation, -1 before the first
/// @param validationLoss what it gave, NaN before the first
/// @param spikes         what tells a spike of the loss
/// @param logPosition    how many bytes of the log of losses belong to these steps
public record TrainingProgress(
        int format,
        String config,
        String data,
        int step,
        int skipped,
        int skippedInARow,
        double lossSum,
        int lossCount,
        int evaluatedAt,
        double validationLoss,
        Spikes spikes,
        long logPosition) {

    /// What this version of the library writes, and the latest that it reads.
    public static final int FORMAT = 1;

    /// The running mean and variance of the loss.
    ///
    /// @param seen how many losses went into them
    public record Spikes(double mean, double variance, int seen) {}

    /// The loss on the validation split of the weights that this checkpoint holds; infinite if it was not
    /// measured at this step.
    double lossOfWeights() {
        return evaluatedAt == step && !Double.isNaN(validationLoss) ? validationLoss : Double.POSITIVE_INFINITY;
    }
}
