package gradus.train;

import java.util.OptionalDouble;

/// The result of an evaluation.
///
/// @param step           how many steps it has been trained
/// @param trainLoss      mean of the training steps since the last evaluation, if there was one
/// @param validationLoss mean over the validation split, or over a part of it
/// @param whole          whether it was the whole split
public record EvaluationReport(int step, OptionalDouble trainLoss, double validationLoss, boolean whole) {}
