package gradus.lessons.lab.moe;

import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/// The trainings of the experiment: trained, or read where they were trained before.
///
/// @param dim      C of every model
/// @param steps    of each training
/// @param count    of seeds
/// @param text     what is learned
/// @param material where they are kept
record MoeRuns(int dim, int steps, int count, HeldOutText text, Material material) {

    /// What [MoeRun#train] measured.
    JsonNode measured(String kind, Mixing mixing, long seed) {
        return material.measured(new MoeRun(kind, mixing, dim, steps, text), seed);
    }

    /// From 1.
    long[] seeds() {
        return LongStream.rangeClosed(1, count).toArray();
    }
}
