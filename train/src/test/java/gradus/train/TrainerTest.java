package gradus.train;

import static gradus.train.SmallTraining.CONFIG;
import static gradus.train.SmallTraining.RNG;
import static gradus.train.SmallTraining.SIZE;
import static gradus.train.SmallTraining.VOCAB;
import static gradus.train.SmallTraining.data;
import static gradus.train.SmallTraining.tokens;
import static gradus.train.SmallTraining.weights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.error.DataException;
import gradus.layers.feedforward.Expert;
import gradus.layers.feedforward.MixtralRouter;
import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.train.SmallTraining.Notes;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.task.Batch;
import gradus.train.task.Evaluation;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {
    private final Gpt gpt = new Gpt(SIZE, RNG);

    /// A router whose weights are always 1, because each token has one expert, and whose experts are all the
    /// same learns from its own losses only.
    @Test
    void whatLayersAddToTheLossIsTrainedToo() {
        for (double balance : new double[] {0, 0.1}) {
            Gpt mixture = new Gpt(
                    SIZE.withFeedForward((dim, rng) -> new MixtureOfExperts(
                                    new MixtralRouter(dim, 3, 1, rng), Collections.nCopies(3, new Expert(dim, 4, rng)))
                            .losses(balance, 0)),
                    RNG);
            float[] before =
                    mixture.namedParameters().get("h.0.mlp.gate.weight").toFloatArray();
            Trainer.of(mixture, CONFIG.withWeightDecay(0), data()).run();
            float[] after = mixture.namedParameters().get("h.0.mlp.gate.weight").toFloatArray();
            double moved = 0;
            for (int i = 0; i < after.length; i++) {
                moved += Math.abs(after[i] - before[i]);
            }
            assertThat(moved > 0).isEqualTo(balance > 0);
        }
    }

    // --- what it does

    @Test
    void reportsAsItGoes() {
        Notes notes = new Notes();
        TrainingResult result = Trainer.of(gpt, CONFIG, data()).listen(notes).run();
        assertThat(notes.steps).extracting(StepReport::step).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(notes.steps)
                .extracting(StepReport::learningRate)
                .containsExactly(lr(0), lr(1), lr(2), lr(3), lr(4), lr(5));
        assertThat(notes.steps).allMatch(step -> step.gradNorm() > 0 && step.tokensPerSecond() > 0 && !step.skipped());
        assertThat(notes.evaluations).extracting(EvaluationReport::step).containsExactly(0, 2, 4, 6);
        assertThat(notes.evaluations.get(0).trainLoss()).isEmpty();
        assertThat(notes.evaluations.get(1).trainLoss())
                .hasValue((notes.steps.get(0).loss() + notes.steps.get(1).loss()) / 2);
        assertThat(notes.end).isEqualTo(EndReason.COMPLETED);
        assertThat(result.reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(result.steps()).isEqualTo(6);
        assertThat(result.validationLoss())
                .hasValue(new Evaluation(gpt, Loss.crossEntropy(), 4).whole(data().validation()));
    }

    private static double lr(int step) {
        return CONFIG.newSchedule().lrAt(step);
    }

    @Test
    void startsFromTheLossOfGuessing() {
        Notes notes = new Notes();
        Trainer.of(gpt, CONFIG.withSteps(2), data()).listen(notes).run();
        assertThat(notes.steps.getFirst().loss()).isCloseTo(Math.log(VOCAB), within(0.02 * Math.log(VOCAB)));
    }

    /// One crop only is possible of 9 tokens, so every row of every batch is the same.
    @Test
    void learnsOneBatchByHeart() {
        TrainConfig config = CONFIG.withSteps(120).withEvalEvery(0).withWeightDecay(0);
        Notes notes = new Notes();
        Trainer.of(gpt, config, new Split(tokens(9), new int[0])).listen(notes).run();
        assertThat(notes.steps.getLast().loss()).isLessThan(0.01);
        assertThat(notes.evaluations).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        GptConfig dropping = SIZE.withDropout(0.2);
        float[][] twice = new float[2][];
        for (int i = 0; i < 2; i++) {
            Gpt fresh = new Gpt(dropping, RNG);
            Trainer.of(fresh, CONFIG, data()).run();
            twice[i] = weights(fresh);
        }
        assertThat(twice[1]).isEqualTo(twice[0]);
        Gpt other = new Gpt(dropping, RNG);
        Trainer.of(other, CONFIG.withSeed(2), data()).run();
        assertThat(weights(other)).isNotEqualTo(twice[0]);
    }

    @Property(tries = 200)
    void accumulatedBatchesAreOneLargeBatch(
            @ForAll @IntRange(min = 1, max = 4) int batch,
            @ForAll @IntRange(min = 2, max = 4) int accumulation,
            @ForAll @IntRange(min = 0) int seed) {
        GptConfig small = new GptConfig(VOCAB, 4, 1, 1, 4, 0);
        double[][] gradients = new double[2][];
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            Gpt fresh = new Gpt(small, Rng.of(seed));
            TrainConfig config = i == 0
                    ? CONFIG.withBatchSize(batch * accumulation)
                    : CONFIG.withBatchSize(batch).withAccumulation(accumulation);
            Notes notes = new Notes();
            TrainConfig one = config.withWarmup(0).withSteps(1).withEvalEvery(0).withSeed(seed);
            Trainer.of(fresh, one, new Split(tokens(60), new int[0]))
                    .listen(notes)
                    .run();
            gradients[i] =
                    fresh.namedParameters().get("h.0.mlp.c_fc.weight").grad().toArray();
            losses[i] = notes.steps.get(0).loss();
        }
        // float32, the sums of at most 64 terms below 1 in another order
        assertThat(losses[1]).isCloseTo(losses[0], within(1e-6));
        assertThat(gradients[1]).containsExactly(gradients[0], within(1e-6));
    }

    /// The cross-entropy of the even targets alone, of which batches have more and less.
    private static final class EvenTargets implements Loss {
        private static Indices kept(Batch batch) {
            int[] kept = Arrays.stream(batch.targets().values())
                    .map(target -> target % 2 == 0 ? target : -100)
                    .toArray();
            return Indices.of(batch.targets().shape(), kept);
        }

        @Override
        public Tensor of(Tensor logits, Batch batch) {
            return logits.crossEntropy(kept(batch), -100, 0);
        }

        @Override
        public int counted(Batch batch) {
            return new Batch(batch.inputs(), kept(batch)).counted();
        }
    }

    /// Σ nll / Σ tokens: batches weigh by what counts in them, so that ragged ones too make one large batch.
    /// Weighing all alike does not.
    @Test
    void raggedBatchesAreOneLargeBatch() {
        double large = weightAfter(CONFIG.withBatchSize(12), new EvenTargets());
        TrainConfig small = CONFIG.withBatchSize(2).withAccumulation(6);
        // double, the sums in another order
        assertThat(weightAfter(small, new EvenTargets())).isCloseTo(large, within(1e-12));
        assertThat(weightAfter(small, new EvenTargets()::of)).isNotCloseTo(large, within(1e-6));
    }

    private static double weightAfter(TrainConfig config, Loss loss) {
        Gpt fresh = new Gpt(SIZE, RNG);
        fresh.to(DType.FLOAT64);
        Trainer.of(fresh, config.withSteps(2).withClip(0).withOptimizer(OptimizerKind.SGD), data(), loss)
                .run();
        return fresh.namedParameters().get("h.1.mlp.c_fc.weight").get(3, 5);
    }

    @ParameterizedTest
    @EnumSource
    void everyOptimizerLearns(OptimizerKind kind) {
        TrainConfig config = CONFIG.withSteps(60).withEvalEvery(0).withOptimizer(kind);
        Notes notes = new Notes();
        Trainer.of(gpt, kind == OptimizerKind.SGD ? config.withLr(0.1) : config, new Split(tokens(9), new int[0]))
                .listen(notes)
                .run();
        assertThat(notes.steps.getLast().loss())
                .isLessThan(0.7 * notes.steps.getFirst().loss());
    }

    @Test
    void evaluatesTheAverageAndTrainsTheWeights() {
        Notes plainNotes = new Notes();
        Trainer.of(gpt, CONFIG, data()).listen(plainNotes).run();
        Gpt other = new Gpt(SIZE, RNG);
        Notes notes = new Notes();
        Trainer trainer = Trainer.of(other, CONFIG.withEmaDecay(0.9), data()).listen(notes);
        double reported = trainer.run().validationLoss().getAsDouble();
        assertThat(weights(other)).isEqualTo(weights(gpt));
        assertThat(notes.steps)
                .extracting(StepReport::loss)
                .isEqualTo(plainNotes.steps.stream().map(StepReport::loss).toList());
        Evaluation evaluation = new Evaluation(other, Loss.crossEntropy(), 4);
        double own = evaluation.whole(data().validation());
        try (var averaged = trainer.swapInAverage()) {
            assertThat(evaluation.whole(data().validation()))
                    .isEqualTo(reported)
                    .isNotEqualTo(own);
        }
        assertThat(weights(other)).isEqualTo(weights(gpt));
    }

    @Test
    void theLossCanBeReplaced() {
        Loss squares = (logits, batch) -> logits.square().mean();
        Notes notes = new Notes();
        Trainer.of(gpt, CONFIG.withSteps(60), data(), squares).listen(notes).run();
        double first = notes.steps.getFirst().loss();
        assertThat(first).isLessThan(1); // not a cross-entropy, which starts at ln 11
        assertThat(notes.steps.getLast().loss()).isLessThan(first / 10);
        assertThat(notes.evaluations.getFirst().validationLoss()).isLessThan(1);
    }

    @Test
    void stopsAfterTheStepItIsIn() {
        Trainer trainer = Trainer.of(gpt, CONFIG.withSteps(1000).withWarmup(0), data());
        Notes notes = new Notes();
        trainer.listen(notes).listen(new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() == 3) {
                    Thread other = new Thread(trainer::requestStop);
                    other.start();
                    try {
                        other.join();
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                }
            }
        });
        TrainingResult result = trainer.run();
        assertThat(result.steps()).isEqualTo(3);
        assertThat(result.reason()).isEqualTo(EndReason.STOPPED);
        assertThat(notes.end).isEqualTo(EndReason.STOPPED);
        assertThat(notes.evaluations.getLast().step()).isEqualTo(3);
    }

    @Test
    void frozenParametersStay() {
        Tensor table = gpt.namedParameters().get("wpe.weight").freeze();
        double[] before = table.toArray();
        Trainer.of(gpt, CONFIG, data()).run();
        assertThat(table.toArray()).isEqualTo(before);
    }

    // --- memory

    @Test
    void takesNoMemoryAfterTheThirdStep() {
        assumeTrue(Kernels.of(DType.FLOAT32).name().equals("vector"), "ND4J's own kernels make INDArrays");
        List<BufferPool.Statistics> after = new ArrayList<>();
        Gpt dropping = new Gpt(SIZE.withDropout(0.1), RNG);
        Trainer.of(
                        dropping,
                        CONFIG.withSteps(20)
                                .withEvalEvery(0)
                                .withAccumulation(2)
                                .withEmaDecay(0.9),
                        data())
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        after.add(BufferPool.statistics());
                    }
                })
                .run();
        BufferPool.Statistics third = after.get(2);
        BufferPool.Statistics last = after.get(19);
        assertThat(last.blocksCreated()).isEqualTo(third.blocksCreated());
        assertThat(last.ndarraysCreated()).isEqualTo(third.ndarraysCreated());
        assertThat(last.bytesHeld()).isEqualTo(third.bytesHeld());
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> Trainer.of(gpt, CONFIG, new Split(tokens(8), new int[0])))
                .isInstanceOf(DataException.class); // BAD-INPUT 90
        assertThatThrownBy(() -> Trainer.of(gpt, CONFIG, new Split(tokens(50), new int[] {VOCAB})))
                .isInstanceOf(DataException.class); // BAD-INPUT 92
    }

    /// One token has nothing before it: nothing can be predicted, so nothing is evaluated.
    @Test
    void t5_oneTokenIsNoValidation() {
        Notes notes = new Notes();
        TrainingResult result = Trainer.of(gpt, CONFIG, new Split(tokens(60), new int[] {3}))
                .listen(notes)
                .run();
        assertThat(notes.evaluations).isEmpty();
        assertThat(result.validationLoss()).isEmpty();
        Trainer.of(gpt, CONFIG, new Split(tokens(60), new int[] {3, 4}))
                .listen(notes)
                .run();
        assertThat(notes.evaluations).hasSize(4);
    }
}
