package gradus.train;

import java.util.OptionalDouble;

/// The result of an evaluation.
///
/// @param step           how many training steps have been done
/// @param trainLoss      mean loss of the training steps since the last evaluation, if there were any
/// @param validationLoss mean loss over the validation split, or over a part of it
/// @param whole          whether the whole split was used
public record EvaluationReport(int step, OptionalDouble trainLoss, double validationLoss, boolean whole) {}
