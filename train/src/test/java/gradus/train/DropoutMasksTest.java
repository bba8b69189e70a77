package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.random.Rng;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dropout draws anew in each micro-batch of each step, and the same again in a second run.
class DropoutMasksTest {
    private static final int STEPS = 3;
    private static final int MICRO_BATCHES = 2;

    /// What the model says in training. All windows of the text are alike and the rate is too small to move a
    /// weight, so one thing alone can make a difference: what dropout leaves out.
    private static List<List<Double>> logits(double dropout) {
        int[] tokens = new int[200];
        Arrays.fill(tokens, 2);
        TrainConfig config = TrainConfig.defaults()
                .withWarmup(0)
                .withSteps(STEPS)
                .withBatchSize(2)
                .withAccumulation(MICRO_BATCHES)
                .withMinLr(1e-31)
                .withLr(1e-30);
        List<List<Double>> seen = new ArrayList<>();
        Gpt gpt = new Gpt(new GptConfig(5, 4, 1, 2, 8, dropout), Rng.of(3));
        Trainer.of(gpt, config, new Split(tokens, new int[0]), (logits, batch) -> {
                    if (Autograd.isComputed(logits)) {
                        seen.add(Arrays.stream(logits.toArray()).boxed().toList());
                    }
                    return logits.crossEntropy(batch.targets());
                })
                .run();
        return seen;
    }

    @Test
    void t5_masksDifferBetweenStepsAndMicroBatches() {
        List<List<Double>> without = logits(0);
        assertThat(without).hasSize(STEPS * MICRO_BATCHES);
        assertThat(new HashSet<>(without)).hasSize(1); // so nothing else makes a difference
        List<List<Double>> with = logits(0.5);
        assertThat(new HashSet<>(with)).hasSize(STEPS * MICRO_BATCHES);
        assertThat(logits(0.5)).isEqualTo(with);
    }
}
