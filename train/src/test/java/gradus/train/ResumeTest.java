package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.DataException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingState;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        final Gpt gpt = new Gpt(SIZE, RNG);
        final List<String> log;
        final Trainer trainer;
        private final int stopAt;
        private final int dieAt;

        Life(TrainConfig config, Path folder, List<String> log, int stopAt, int dieAt) {
            this.log = log;
            this.stopAt = stopAt;
            this.dieAt = dieAt;
            this.trainer = new Trainer(gpt, config, data(1)).listen(this);
            trainer.loss(leaping());
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
            int row = trainer.progress().skippedInARow();
            log.add("%d %s %s %s %d %s"
                    .formatted(r.step(), r.loss(), r.learningRate(), r.gradNorm(), row, r.skipped()));
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

    private static Map<String, Object> straight(TrainConfig config) {
        List<String> log = new ArrayList<>();
        Life life = new Life(config, null, log, -1, -1);
        life.trainer.saveTo(null, log::size);
        life.trainer.run();
        assertThat(log).anyMatch(line -> line.startsWith("Spike")).anyMatch(line -> line.endsWith("true"));
        return life.remains();
    }

    /// Goes on, life after life, each ended by a stop or by death at some step, until the training is
    /// complete.
    private static Map<String, Object> interrupted(TrainConfig config, Path folder, int... ends) {
        List<String> log = new ArrayList<>();
        for (int end : ends) {
            Life life = new Life(config, folder, log, end > 0 ? end : -1, end < 0 ? -end : -1);
            resume(life);
            try {
                life.trainer.run();
            } catch (IllegalStateException killed) {
                // as if the process were gone: nothing but the checkpoints is left
            }
        }
        Life last = new Life(config, folder, log, -1, -1);
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

    @Property(tries = 10)
    void interruptedOrNotIsTheSame(
            @ForAll @IntRange(min = 1, max = STEPS) int first,
            @ForAll @IntRange(min = 1, max = STEPS) int second,
            @ForAll boolean dies,
            @ForAll boolean diesAgain)
            throws Exception {
        Path place = java.nio.file.Files.createTempDirectory("resume");
        try {
            assertThat(interrupted(CONFIG, place, dies ? -first : first, diesAgain ? -second : second))
                    .isEqualTo(STRAIGHT);
        } finally {
            try (var files = java.nio.file.Files.walk(place)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private static final Map<String, Object> STRAIGHT = straight(CONFIG);

    @ParameterizedTest
    @EnumSource
    void everyOptimizerGoesOn(OptimizerKind kind) {
        TrainConfig config = CONFIG.withOptimizer(kind);
        assertThat(interrupted(config, folder, 7, -14)).isEqualTo(straight(config));
    }

    // --- the proof that the comparison sees each part

    enum Part {
        WEIGHTS,
        MOMENTS,
        STEPS_OF_THE_OPTIMIZER,
        AVERAGE,
        UPDATES_OF_THE_AVERAGE,
        POSITION, // and with it the random numbers, the place in the data and the schedule
        SKIPPED,
        SKIPPED_IN_A_ROW,
        LOSS_SUM,
        LOSS_COUNT,
        EVALUATED_AT,
        SPIKES,
        LOG_POSITION
    }

    @ParameterizedTest
    @EnumSource
    void noPartMayBeMissing(Part part) {
        List<String> log = new ArrayList<>();
        new Life(CONFIG, folder, log, 11, -1).trainer.run();
        Life life = new Life(CONFIG, folder, log, -1, -1);
        Map<Tensor, double[]> fresh = new LinkedHashMap<>();
        tensors(part, life.trainer.state()).forEach(tensor -> fresh.put(tensor, tensor.toArray()));
        TrainingProgress progress = life.trainer.resume().orElseThrow();
        fresh.forEach(Tensor::set);
        TrainingProgress crippled = without(part, progress);
        life.trainer.goOn(crippled);
        log.subList((int) crippled.logPosition(), log.size()).clear();
        life.trainer.run();
        assertThat(life.remains()).isNotEqualTo(STRAIGHT);
    }

    private static List<Tensor> tensors(Part part, TrainingState state) {
        return switch (part) {
            case WEIGHTS -> List.copyOf(state.model().values());
            case MOMENTS -> without("steps", state.optimizer());
            case STEPS_OF_THE_OPTIMIZER -> List.of(state.optimizer().get("steps"));
            case AVERAGE -> without("updates", state.average());
            case UPDATES_OF_THE_AVERAGE -> List.of(state.average().get("updates"));
            default -> List.of();
        };
    }

    private static List<Tensor> without(String name, SequencedMap<String, Tensor> tensors) {
        return tensors.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static TrainingProgress without(Part part, TrainingProgress p) {
        boolean skips = part == Part.SKIPPED;
        boolean row = part == Part.SKIPPED_IN_A_ROW;
        return new TrainingProgress(
                p.format(),
                p.config(),
                p.data(),
                part == Part.POSITION ? 0 : p.step(),
                skips ? 0 : p.skipped(),
                row ? 0 : p.skippedInARow(),
                part == Part.LOSS_SUM ? 0 : p.lossSum(),
                part == Part.LOSS_COUNT ? 0 : p.lossCount(),
                part == Part.EVALUATED_AT ? p.step() + 1 : p.evaluatedAt(),
                p.validationLoss(),
                part == Part.SPIKES ? new TrainingProgress.Spikes(0, 0, 0) : p.spikes(),
                part == Part.LOG_POSITION ? 0 : p.logPosition());
    }

    // --- what is refused

    @Test
    void otherDataOrSettingsAreRefused() {
        new Life(CONFIG, folder, new ArrayList<>(), 4, -1).trainer.run();
        Gpt gpt = new Gpt(SIZE, RNG);
        String before = Arrays.toString(gpt.parameters().getFirst().toArray());
        Checkpoints checkpoints = new Checkpoints(folder, 2);
        assertThatThrownBy(new Trainer(gpt, CONFIG, data(2)).saveTo(checkpoints, () -> 0)::resume) // BAD-INPUT 96
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the data has changed since the checkpoint at step 4");
        assertThatThrownBy(new Trainer(gpt, CONFIG.withSeed(5), data(1)).saveTo(checkpoints, () -> 0)::resume)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("other settings");
        Gpt wider = new Gpt(new GptConfig(VOCAB, 4, 1, 1, 8, 0.2), RNG);
        assertThatThrownBy(new Trainer(wider, CONFIG, data(1)).saveTo(checkpoints, () -> 0)::resume) // BAD-INPUT 132
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("wte.weight");
        assertThat(Arrays.toString(gpt.parameters().getFirst().toArray())).isEqualTo(before);
    }

    @Test
    void withoutACheckpointItStartsFromTheBeginning() {
        Trainer trainer = new Trainer(new Gpt(SIZE, RNG), CONFIG, data(1)).saveTo(new Checkpoints(folder, 1), () -> 0);
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
