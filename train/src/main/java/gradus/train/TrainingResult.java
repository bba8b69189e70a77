package gradus.train;

import java.util.OptionalDouble;

/// How a training run ended.
///
/// @param reason         why it ended
/// @param steps          how many steps were done
/// @param skipped        how many of them left the weights as they were
/// @param validationLoss of the last evaluation, if there was a validation split
public record TrainingResult(EndReason reason, int steps, int skipped, OptionalDouble validationLoss) {}
