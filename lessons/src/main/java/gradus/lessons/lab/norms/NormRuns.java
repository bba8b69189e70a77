package gradus.lessons.lab.norms;

import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/// The trainings of the experiment: trained, or read where they were trained before.
///
/// @param size     of every model
/// @param steps    of the gentle trainings; those at once have half as many
/// @param count    of seeds
/// @param text     what is learned
/// @param material where they are kept
record NormRuns(NormRun.Size size, int steps, int count, HeldOutText text, Material material) {

    /// What [NormRun#train] measured.
    JsonNode measured(Norming norming, double rate, boolean gentle, long seed) {
        return material.measured(
                new NormRun(norming, size, rate, gentle, gentle ? steps : Math.max(2, steps / 2), text), seed);
    }

    /// From 1.
    long[] seeds() {
        return LongStream.rangeClosed(1, count).toArray();
    }
}
