package gradus.lessons.lab.hallucination;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Examples;
import gradus.train.task.InstructionTuning;
import gradus.train.task.LanguageModelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A model that is told facts as often as a [RepetitionProfile] says, and then writes statements by itself.
/// These are so short, a subject and a value, that the probability of every one can be computed, and so the
/// rate of false ones, without drawing any.
final class RepetitionTrial {
    /// M, how many values there are.
    static final int VALUES = 32;

    private static final int LAYERS = 1;
    private static final int HEADS = 4;
    private static final int BATCH = 128;
    private static final double LR = 5e-3;

    private final RepetitionProfile profile;
    private final int[] truth;
    private final int[] told;
    private final Gpt gpt;
    private final Rng rng;

    /// @param draws how many statements are told
    /// @param dim   channels of the model
    RepetitionTrial(RepetitionProfile profile, int draws, int dim, Rng rng) {
        this.profile = profile;
        this.rng = rng;
        this.truth = new int[profile.facts()];
        Arrays.setAll(truth, i -> rng.at("truth").index(i, VALUES));
        this.told = profile.draw(draws, rng.at("told"));
        int vocabulary = 1 + profile.facts() + VALUES;
        this.gpt = new Gpt(new GptConfig(vocabulary, 3, LAYERS, HEADS, dim, 0), rng.at("model"));
    }

    /// Trains, and measures the first time after a third of the steps and the last time at the end.
    ///
    /// @return three measurements
    List<HallucinationBound> run(int steps, long seed) {
        Examples examples = new Examples();
        for (int fact : told) {
            examples.add(new int[] {0, 1 + fact, 1 + profile.facts() + truth[fact]}, new boolean[] {false, true, true});
        }
        InstructionTuning task = new InstructionTuning(
                gpt,
                examples,
                new Examples(),
                new InstructionTuning.Settings(new LanguageModelling.Sizes(Math.min(BATCH, told.length), 1), 2, false),
                rng.at("order"));
        TrainConfig config = TrainConfig.defaults()
                .withSteps(steps)
                .withSeed(seed)
                .withSchedule(ScheduleKind.CONSTANT)
                .withLr(LR)
                .withMinLr(LR)
                .withWarmup(0)
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        List<HallucinationBound> measured = new ArrayList<>();
        List<Integer> when = List.of(Math.max(1, steps / 6), Math.max(1, steps / 2), steps);
        Trainer.of(task, config)
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        for (int at : when) {
                            if (report.step() == at) {
                                measured.add(measure());
                            }
                        }
                    }
                })
                .run();
        return measured;
    }

    private HallucinationBound measure() {
        gpt.eval();
        try {
            return HallucinationBound.of(probabilities(), truth, profile.probabilities(), told);
        } finally {
            gpt.train();
        }
    }

    /// Of all statements, those that are none (a subject that is no subject, say) left out.
    ///
    /// **Shapes** → (N, M)
    double[][] probabilities() {
        int n = profile.facts();
        int vocabulary = gpt.vocabSize();
        int[] starts = new int[2 * n];
        for (int i = 0; i < n; i++) {
            starts[2 * i + 1] = 1 + i;
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            double[] subjects = gpt.lastLogits(Indices.of(Shape.of(1, 1), new int[1]))
                    .softmax()
                    .toArray(); // (1, V)
            double[] values =
                    gpt.lastLogits(Indices.of(Shape.of(n, 2), starts)).softmax().toArray(); // (N, V)
            double[][] all = new double[n][VALUES];
            double sum = 0;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < VALUES; j++) {
                    all[i][j] = subjects[1 + i] * values[i * vocabulary + 1 + n + j];
                    sum += all[i][j];
                }
            }
            for (double[] row : all) {
                for (int j = 0; j < VALUES; j++) {
                    row[j] /= sum;
                }
            }
            return all;
        }
    }
}
