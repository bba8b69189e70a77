package gradus.train;

import java.util.SequencedMap;

/// The numbers of one training step.
///
/// @param step            counted from 1
/// @param loss            the mean loss over the step's batches, before the weights changed
/// @param learningRate    the learning rate of this step
/// @param gradNorm        the norm of the gradient before clipping
/// @param tokensPerSecond the speed of this step
/// @param skipped         whether the weights were left as they were because the gradient was not finite
/// @param metrics         what else the task measured in this step, by name; mostly empty
public record StepReport(
        int step,
        double loss,
        double learningRate,
        double gradNorm,
        double tokensPerSecond,
        boolean skipped,
        SequencedMap<String, Double> metrics) {}
