package gradus.train.checkpoint;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/// The progress of a training: together with its tensors, everything that the next step depends on. The
/// random numbers, the batches and the learning rate of a step follow from the seed and the number of the
/// step, so neither the state of a random generator nor a position in the data has to be saved.
///
/// @param format         of the checkpoint's files
/// @param config         how the training was configured, seed included
/// @param data           SHA-256 of the tokens it trains on and is measured by
/// @param step           how many steps are done
/// @param skipped        how many of them left the weights as they were
/// @param skippedInARow  how many of the last steps did so
/// @param lossSum        of the steps since the last evaluation
/// @param lossCount      how many those are
/// @param evaluatedAt    the step of the last evaluation, -1 before the first
/// @param validationLoss what it gave, NaN before the first
/// @param best           the lowest validation loss so far
/// @param spikes         the statistics by which a spike of the loss is noticed
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
        Best best,
        Spikes spikes,
        long logPosition) {

    /// What this version of the library writes, and the latest that it reads. Format 1 has no `best`.
    public static final int FORMAT = 2;

    /// The running mean and variance of the loss.
    ///
    /// @param seen how many losses went into them
    public record Spikes(double mean, double variance, int seen) {}

    /// The lowest validation loss on the way.
    ///
    /// @param step  where it was, -1 before the first evaluation
    /// @param loss  what it was, infinite before
    /// @param since how many evaluations there were after it
    public record Best(int step, double loss, int since) {
        /// Before the first evaluation.
        public static final Best NONE = new Best(-1, Double.POSITIVE_INFINITY, 0);

        /// What it is after a further evaluation. A loss that is no number is never the lowest.
        public Best after(int evaluated, double validationLoss) {
            return validationLoss < loss ? new Best(evaluated, validationLoss, 0) : new Best(step, loss, since + 1);
        }
    }

    /// Reads the file of a checkpoint, of this format or an earlier one.
    ///
    /// @throws CheckpointMismatchException if it is of a later format
    /// @throws CorruptCheckpointException  if it cannot be what a training wrote
    static TrainingProgress read(Path file) {
        ObjectNode root = CheckpointJson.read(file);
        int format = root.path("format").asInt(0);
        if (format > FORMAT) {
            throw new CheckpointMismatchException(
                    "%s: was written by a newer version, in format %s; this one reads up to %s"
                            .formatted(file, format, FORMAT));
        }
        if (format == 1) {
            root.putObject("best")
                    .put("step", -1)
                    .put("loss", Double.POSITIVE_INFINITY)
                    .put("since", 0);
        }
        TrainingProgress progress = CheckpointJson.as(file, root, TrainingProgress.class);
        progress.requireInRange(file);
        return progress;
    }

    private void requireInRange(Path file) {
        require(file, "format", format, format >= 1);
        require(file, "step", step, step >= 0);
        require(file, "skipped", skipped, skipped >= 0 && skipped <= step);
        require(file, "skippedInARow", skippedInARow, skippedInARow >= 0 && skippedInARow <= skipped);
        require(file, "lossSum", lossSum, Double.isFinite(lossSum));
        require(file, "lossCount", lossCount, lossCount >= 0 && lossCount <= step);
        require(file, "evaluatedAt", evaluatedAt, evaluatedAt >= -1 && evaluatedAt <= step);
        require(file, "best.step", best.step, best.step >= -1 && best.step <= step);
        require(file, "best.loss", best.loss, !Double.isNaN(best.loss));
        require(file, "best.since", best.since, best.since >= 0);
        require(file, "spikes.mean", spikes.mean, Double.isFinite(spikes.mean));
        require(file, "spikes.variance", spikes.variance, spikes.variance >= 0);
        require(file, "spikes.seen", spikes.seen, spikes.seen >= 0 && spikes.seen <= step);
        require(file, "logPosition", logPosition, logPosition >= 0);
    }

    private static void require(Path file, String field, Object value, boolean holds) {
        if (!holds) {
            throw new CorruptCheckpointException(
                    "%s: %s is %s, which no training leaves".formatted(file, field, value));
        }
    }

    /// The loss on the validation split of the weights that this checkpoint holds; infinite if it was not
    /// measured at this step.
    double lossOfWeights() {
        return evaluatedAt == step && !Double.isNaN(validationLoss) ? validationLoss : Double.POSITIVE_INFINITY;
    }
}
