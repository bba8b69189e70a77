package gradus.lessons.lab.optimizers;

import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.train.optimizer.OptimizerKind;
import tools.jackson.databind.JsonNode;

/// The runs of the experiment: trained, or read where they were trained before.
///
/// @param steps    of each
/// @param seeds    how many
/// @param text     what is learned
/// @param material where they are kept
record OptimizerRuns(int steps, int seeds, HeldOutText text, Material material) {

    private JsonNode measured(OptimizerKind kind, double rate, int dim, boolean scaled, long seed) {
        return material.measured(new OptimizerRun(kind, rate, dim, scaled, steps, text), seed);
    }

    /// NaN if the training broke off.
    double loss(OptimizerKind kind, double rate, int dim, boolean scaled, long seed) {
        return measured(kind, rate, dim, scaled, seed).path("loss").asDouble(Double.NaN);
    }

    /// Bytes that the optimiser keeps for a parameter.
    double state(OptimizerKind kind, double rate, int dim, long seed) {
        return measured(kind, rate, dim, false, seed).path("state").asDouble(Double.NaN);
    }
}
