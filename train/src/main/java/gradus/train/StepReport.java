package gradus.train;

/// The numbers of one training step.
///
/// @param step            counted from 1
/// @param loss            before the weights changed, mean over the step's batches
/// @param learningRate    of this step
/// @param gradNorm        before clipping
/// @param tokensPerSecond in this step
/// @param skipped         whether the weights were left as they were because the gradient was not finite
public record StepReport(
        int step, double loss, double learningRate, double gradNorm, double tokensPerSecond, boolean skipped) {}
