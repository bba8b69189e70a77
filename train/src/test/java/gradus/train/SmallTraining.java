package gradus.train;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A training that takes a moment, and what is looked at in it.
final class SmallTraining {
    static final Rng RNG = Rng.of(8);
    static final int VOCAB = 11;
    static final GptConfig SIZE = new GptConfig(VOCAB, 8, 2, 2, 16, 0);
    static final TrainConfig CONFIG = TrainConfig.defaults()
            .withWarmup(2)
            .withSteps(6)
            .withBatchSize(4)
            .withLr(1e-2)
            .withMinLr(1e-3)
            .withEvalEvery(2);

    static int[] tokens(int n) {
        int[] tokens = new int[n];
        Arrays.setAll(tokens, i -> RNG.at("tokens").index(i, VOCAB));
        return tokens;
    }

    static Split data() {
        return Split.holdOut(tokens(300), 0.2);
    }

    /// Notes everything.
    static final class Notes implements TrainingListener {
        final List<StepReport> steps = new ArrayList<>();
        final List<EvaluationReport> evaluations = new ArrayList<>();
        final List<Spike> spikes = new ArrayList<>();
        EndReason end;

        @Override
        public void onStep(StepReport report) {
            steps.add(report);
        }

        @Override
        public void onEvaluation(EvaluationReport report) {
            evaluations.add(report);
        }

        @Override
        public void onSpike(Spike spike) {
            spikes.add(spike);
        }

        @Override
        public void onEnd(EndReason reason) {
            end = reason;
        }
    }

    private SmallTraining() {}

    /// All weights in one array.
    static float[] weights(Gpt gpt) {
        float[] all = new float[0];
        for (Tensor parameter : gpt.parameters()) {
            float[] own = parameter.toFloatArray();
            int at = all.length;
            all = Arrays.copyOf(all, at + own.length);
            System.arraycopy(own, 0, all, at, own.length);
        }
        return all;
    }
}
