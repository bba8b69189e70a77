package gradus.lessons.sickruns;

import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.schedule.ScheduleKind;

/// A model and a training that are healthy together, before anything is made wrong in them.
///
/// @param model    of any small size
/// @param training of any sound rate, batch and schedule
public record Plan(GptConfig model, TrainConfig training) {
    /// One block of 32 channels, 200 steps of 256 characters: half a second on one core.
    public static Plan small(long seed) {
        GptConfig model = new GptConfig(Words.vocabularySize(), 16, 1, 2, 32, 0);
        TrainConfig training = TrainConfig.defaults()
                .withSteps(200)
                .withWarmup(20)
                .withBatchSize(16)
                .withSchedule(ScheduleKind.COSINE)
                .withLr(6e-3)
                .withMinLr(3e-4)
                .withWeightDecay(0.1)
                .withClip(1)
                .withEvalEvery(20)
                .withEvalBatches(4)
                .withSeed(seed);
        return new Plan(model, training);
    }
}
