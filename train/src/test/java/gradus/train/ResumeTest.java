package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.DataException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingState;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A training that was interrupted and went on is, bit for bit, the one that was not.
class ResumeTest {
    private static final Rng RNG = Rng.of(9);
    private static final int VOCAB = 7;
    private static final int STEPS = 30;
    private static final GptConfig SIZE = new GptConfig(VOCAB, 4, 1, 1, 4, 0.2);
    private static final TrainConfig CONFIG = TrainConfig.defaults()
            .withWarmup(5)
            .withSteps(STEPS)
            .withBatchSize(2)
            .withAccumulation(2)
            .withLr(1e-2)
            .withMinLr(1e-3)
            .withEvalEvery(4)
            .withEvalBatches(1)
            .withCheckpointEvery(5)
            .withEmaDecay(0.9);

    @TempDir
    Path folder;

    private static Split data(int seed) {
        int[] tokens = new int[90];
        Arrays.setAll(tokens, i -> Rng.of(seed).index(i, VOCAB));
        return Split.holdOut(tokens, 0.3);
    }

    /// A model in training, and what its listeners were told, which a resumed one cuts back to what its
    /// checkpoint knows of, as a log on a disk would be.
    private static final class Life implements TrainingListener {
        final Gpt gpt;
        final List<String> log;
        final Trainer trainer;
        private final int stopAt;
        private final int dieAt;

        Life(TrainConfig config, Path folder, List<String> log, int stopAt, int dieAt) {
            this(SIZE, config, folder, log, stopAt, dieAt);
        }

        Life(GptConfig size, TrainConfig config, Path folder, List<String> log, int stopAt, int dieAt) {
            this.gpt = new Gpt(size, RNG);
            this.log = log;
            this.stopAt = stopAt;
            this.dieAt = dieAt;
            this.trainer = Trainer.of(gpt, config, data(1), leaping()).listen(this);
            if (folder != null) {
                trainer.saveTo(new Checkpoints(folder, 2), log::size);
            }
        }

        /// The cross-entropy, but for a leap in step 25, which only a long memory takes for a spike, and an
        /// infinite slope in steps 10 to 12.
        private Loss leaping() {
            return (logits, batch) -> {
                Tensor loss = logits.crossEntropy(batch.targets());
                int step = trainer.progress().step();
                if (step >= 10 && step <= 12) {
                    return loss.add(logits.sum().mul(0).sqrt());
                }
                return step == 25 ? loss.add(9) : loss;
            };
        }

        @Override
        public void onStep(StepReport r) {
            TrainingProgress at = trainer.progress();
            log.add("%d %s %s %s %d %s %s %s"
                    .formatted(
                            r.step(),
                            r.loss(),
                            r.learningRate(),
                            r.gradNorm(),
                            at.skippedInARow(),
                            at.validationLoss(),
                            at.best(),
                            r.skipped()));
            if (r.step() == stopAt) {
                trainer.requestStop();
            }
            if (r.step() == dieAt) {
                throw new IllegalStateException("killed");
            }
        }

        @Override
        public void onEvaluation(EvaluationReport r) {
            log.add("%d %s %s %s".formatted(r.step(), r.trainLoss(), r.validationLoss(), r.whole()));
        }

        @Override
        public void onSpike(Spike spike) {
            log.add(spike.toString());
        }

        /// All there is to compare: tensors, what was said, what the model writes.
        Map<String, Object> remains() {
            Map<String, Object> remains = new LinkedHashMap<>();
            TrainingState state = trainer.state();
            List.of(state.model(), state.optimizer(), state.average())
                    .forEach(group -> group.forEach(
                            (name, tensor) -> remains.put(remains.size() + name, Arrays.toString(tensor.toArray()))));
            remains.put("log", String.join("\n", log));
            remains.put("progress", trainer.progress().toString());
            Sampling sampling = new Sampling(1, 0, 1, 0, 1);
            remains.put(
                    "sample",
                    Arrays.toString(new Generator(gpt, sampling).generate(new int[] {0}, 20, RNG, t -> true)));
            return remains;
        }
    }

    private static Map<String, Object> straight(GptConfig size, TrainConfig config) {
        List<String> log = new ArrayList<>();
        Life life = new Life(size, config, null, log, -1, -1);
        life.trainer.saveTo(null, log::size);
        life.trainer.run();
        assertThat(log).anyMatch(line -> line.startsWith("Spike")).anyMatch(line -> line.endsWith("true"));
        return life.remains();
    }

    /// Goes on, life after life, each ended by a stop or by death at some step, until the training is
    /// complete.
    private static Map<String, Object> interrupted(GptConfig size, TrainConfig config, Path folder, int... ends) {
        List<String> log = new ArrayList<>();
        for (int end : ends) {
            Life life = new Life(size, config, folder, log, end > 0 ? end : -1, end < 0 ? -end : -1);
            resume(life);
            try {
                life.trainer.run();
            } catch (IllegalStateException killed) {
                // as if the process were gone: nothing but the checkpoints is left
            }
        }
        Life last = new Life(size, config, folder, log, -1, -1);
        resume(last);
        last.trainer.run();
        return last.remains();
    }

    private static void resume(Life life) {
        int known = life.trainer
                .resume()
                .map(progress -> (int) progress.logPosition())
                .orElse(0);
        life.log.subList(known, life.log.size()).clear();
    }

    @Property(tries = 10) // each trains in three lives: 100 would take a minute and a half
    void interruptedOrNotIsTheSame(
            @ForAll @IntRange(min = 1, max = STEPS) int first,
            @ForAll @IntRange(min = 1, max = STEPS) int second,
            @ForAll boolean dies,
            @ForAll boolean diesAgain)
            throws Exception {
        Path place = java.nio.file.Files.createTempDirectory("resume");
        try {
            assertThat(interrupted(SIZE, CONFIG, place, dies ? -first : first, diesAgain ? -second : second))
                    .isEqualTo(STRAIGHT);
        } finally {
            try (var files = java.nio.file.Files.walk(place)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static final Map<String, Object> STRAIGHT = straight(SIZE, CONFIG);

    @ParameterizedTest
    @EnumSource
    void everyOptimizerGoesOn(OptimizerKind kind) {
        TrainConfig config = CONFIG.withOptimizer(kind);
        assertThat(interrupted(SIZE, config, folder, 7, -14)).isEqualTo(straight(SIZE, config));
    }

    /// Running means of a norm and the biases of a router change with each step, though no gradient reaches
    /// them.
    @Test
    void layersThatRememberGoOn() {
        GptConfig size =
                SIZE.withNorm(new Norms.Batch(1e-5, 0.1)).withFeedForward(new FeedForwards.Balanced(3, 2, 4, 0.01));
        assertThat(interrupted(size, CONFIG, folder, 7, -14)).isEqualTo(straight(size, CONFIG));
    }

    // --- the proof that the comparison sees each part

    /// What tells whose checkpoint it is; [#otherDataOrSettingsAreRefused] holds these.
    private static final Set<String> IDENTITY = Set.of("format", "config", "data");

    /// Everything that a checkpoint gives back: each tensor and each field there is, so that none that is
    /// added later can be overlooked.
    static Stream<String> parts() {
        List<String> parts = new ArrayList<>();
        tensors(new Life(CONFIG, null, new ArrayList<>(), -1, -1)).keySet().forEach(parts::add);
        for (RecordComponent field : TrainingProgress.class.getRecordComponents()) {
            if (field.getType().isRecord()) {
                for (RecordComponent inner : field.getType().getRecordComponents()) {
                    parts.add(field.getName() + "." + inner.getName());
                }
            } else if (!IDENTITY.contains(field.getName())) {
                parts.add(field.getName());
            }
        }
        return parts.stream();
    }

    private static Map<String, Tensor> tensors(Life life) {
        TrainingState state = life.trainer.state();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        state.model().forEach((name, tensor) -> tensors.put("model/" + name, tensor));
        state.optimizer().forEach((name, tensor) -> tensors.put("optimizer/" + name, tensor));
        state.average().forEach((name, tensor) -> tensors.put("average/" + name, tensor));
        return tensors;
    }

    /// Restores all but one part, which stays as a new training has it, once between two evaluations and once
    /// after an evaluation and a checkpoint of the same step; in one of the two at least what follows must be
    /// another training.
    @ParameterizedTest
    @MethodSource("parts")
    void noPartMayBeMissing(String part) {
        assertThat(List.of(crippled(part, 11, -1), crippled(part, -1, 21)))
                .anyMatch(remains -> !remains.equals(STRAIGHT));
    }

    /// With every part, these are the training that was not interrupted.
    @Test
    void withEveryPartItIsTheSame() {
        assertThat(List.of(crippled("", 11, -1), crippled("", -1, 21))).containsOnly(STRAIGHT);
    }

    private Map<String, Object> crippled(String part, int stopAt, int dieAt) {
        Path place = folder.resolve(stopAt + "-" + dieAt);
        List<String> log = new ArrayList<>();
        try {
            new Life(CONFIG, place, log, stopAt, dieAt).trainer.run();
        } catch (IllegalStateException killed) {
            // as if the process were gone
        }
        Life life = new Life(CONFIG, place, log, -1, -1);
        TrainingProgress fresh = new Life(CONFIG, null, new ArrayList<>(), -1, -1).trainer.progress();
        Tensor tensor = tensors(life).get(part);
        double[] untrained = tensor == null ? null : tensor.toArray();
        TrainingProgress restored = life.trainer.resume().orElseThrow();
        if (tensor != null) {
            tensor.set(untrained);
        }
        TrainingProgress missing = without(part, "", restored, fresh);
        life.trainer.goOn(missing);
        log.subList((int) missing.logPosition(), log.size()).clear();
        life.trainer.run();
        return life.remains();
    }

    /// A record with one field, or one of a record in it, taken from another.
    private static <R extends Record> R without(String part, String prefix, R record, R fresh) {
        try {
            RecordComponent[] fields = record.getClass().getRecordComponents();
            Object[] values = new Object[fields.length];
            Class<?>[] types = new Class<?>[fields.length];
            for (int i = 0; i < fields.length; i++) {
                String name = prefix + fields[i].getName();
                Object value = fields[i].getAccessor().invoke(record);
                Object other = fields[i].getAccessor().invoke(fresh);
                types[i] = fields[i].getType();
                values[i] = value instanceof Record inner
                        ? without(part, name + ".", inner, (Record) other)
                        : name.equals(part) ? other : value;
            }
            @SuppressWarnings("unchecked")
            R made = (R) record.getClass().getConstructor(types).newInstance(values);
            return made;
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    // --- what is refused

    @Test
    void otherDataOrSettingsAreRefused() {
        new Life(CONFIG, folder, new ArrayList<>(), 4, -1).trainer.run();
        Gpt gpt = new Gpt(SIZE, RNG);
        String before = Arrays.toString(gpt.parameters().getFirst().toArray());
        Checkpoints checkpoints = new Checkpoints(folder, 2);
        assertThatThrownBy(Trainer.of(gpt, CONFIG, data(2)).saveTo(checkpoints, () -> 0)::resume) // BAD-INPUT 96
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(folder.toString(), "the data has changed since the checkpoint at step 4");
        assertThatThrownBy(Trainer.of(gpt, CONFIG.withSeed(5), data(1)).saveTo(checkpoints, () -> 0)::resume)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining("is of a training with other settings: seed was 1 and is 5");
        Gpt wider = new Gpt(new GptConfig(VOCAB, 4, 1, 1, 8, 0.2), RNG);
        assertThatThrownBy(Trainer.of(wider, CONFIG, data(1)).saveTo(checkpoints, () -> 0)::resume) // BAD-INPUT 132
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("wte.weight");
        assertThat(Arrays.toString(gpt.parameters().getFirst().toArray())).isEqualTo(before);
    }

    @Test
    void withoutACheckpointItStartsFromTheBeginning() {
        Trainer trainer = Trainer.of(new Gpt(SIZE, RNG), CONFIG, data(1)).saveTo(new Checkpoints(folder, 1), () -> 0);
        assertThat(trainer.resume()).isEmpty();
    }

    @Test
    void aCompletedTrainingIsComplete() {
        List<String> log = new ArrayList<>();
        new Life(CONFIG, folder, log, -1, -1).trainer.run();
        Life again = new Life(CONFIG, folder, log, -1, -1);
        resume(again);
        int known = log.size();
        TrainingResult result = again.trainer.run();
        assertThat(result.reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(result.validationLoss()).isPresent();
        assertThat(log).hasSize(known);
    }
}
