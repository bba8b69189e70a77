package gradus.train;

import java.util.OptionalDouble;

/// How a training run ended.
///
/// @param reason         why it ended
/// @param steps          how many steps were done
/// @param skipped        how many of these steps were skipped, which left the weights unchanged
/// @param validationLoss the loss of the last evaluation, if there was a validation split
public record TrainingResult(EndReason reason, int steps, int skipped, OptionalDouble validationLoss) {}
