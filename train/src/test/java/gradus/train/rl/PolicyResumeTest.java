package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.layers.model.ActorCritic;
import gradus.layers.model.Gpt;
import gradus.layers.model.ValueHead;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.schedule.ScheduleKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A training that dies between any two steps and goes on is, bit for bit, the one that did not: in the middle
/// of an epoch too, when the weights that drew the completions are gone.
class PolicyResumeTest {
    /// Two epochs of two minibatches: four steps an iteration.
    private static final RolloutConfig ROLLOUTS = new RolloutConfig(4, 2, Toys.LIMIT, 1, 2, 2, 2);
    private static final int STEPS = 7; // the last iteration ends in its second epoch

    @TempDir
    Path folder;

    private enum Method {
        GRPO,
        PPO,
        EXPERT;

        PolicyTask task() {
            Gpt gpt = Toys.gpt(1, DType.FLOAT32);
            Rng rng = Rng.of(6);
            return switch (this) {
                case GRPO ->
                    new GroupPolicyTask(
                            gpt,
                            ReferenceModel.copy(gpt, new Gpt(Toys.SIZE, rng)),
                            Toys.threes(),
                            ROLLOUTS,
                            GroupPolicyConfig.grpo().withBeta(0.05).withKl(KlEstimator.K3, false),
                            rng);
                case PPO ->
                    new PpoTask(
                            ActorCritic.shared(gpt, new ValueHead(Toys.SIZE.dim())),
                            ReferenceModel.copy(gpt, new Gpt(Toys.SIZE, rng)),
                            Toys.threes(),
                            ROLLOUTS,
                            PpoConfig.defaults().withKl(new KlControl.Adaptive(0.1, 0.01, 20)),
                            rng);
                case EXPERT -> new ExpertIteration(gpt, Toys.threes(), ROLLOUTS, 1, rng);
            };
        }
    }

    private static final class Killed extends RuntimeException {}

    /// Everything that is left of a training.
    private static final class Life {
        final PolicyTask task;
        final Trainer trainer;
        final List<String> log;

        Life(PolicyTask task, Path folder, List<String> log, int dieAt) {
            this.task = task;
            this.log = log;
            TrainConfig config = TrainConfig.defaults()
                    .withSteps(STEPS)
                    .withSchedule(ScheduleKind.CONSTANT)
                    .withLr(1e-2)
                    .withWarmup(0)
                    .withEvalEvery(3)
                    .withCheckpointEvery(1);
            this.trainer = Trainer.of(task, config).listen(new TrainingListener() {
                @Override
                public void onStep(StepReport r) {
                    if (r.step() == dieAt) {
                        throw new Killed();
                    }
                    log.add("%s %s %s %s".formatted(r.step(), r.loss(), r.gradNorm(), r.metrics()));
                }
            });
            if (folder != null) {
                trainer.saveTo(new Checkpoints(folder, 2), log::size);
            }
        }

        Map<String, Object> remains() {
            Map<String, Object> remains = new LinkedHashMap<>();
            task.model().state().forEach((name, tensor) -> remains.put(name, bits(tensor)));
            task.state().forEach((name, tensor) -> remains.put(name, bits(tensor)));
            remains.put("log", String.join("\n", log));
            return remains;
        }

        private static String bits(Tensor tensor) {
            return Arrays.toString(tensor.toArray());
        }
    }

    @ParameterizedTest
    @EnumSource(Method.class)
    void goesOnAsIfNothingHadHappened(Method method) {
        Life whole = new Life(method.task(), null, new ArrayList<>(), -1);
        whole.trainer.run();
        for (int dieAt : new int[] {2, 4, 5, 7}) {
            Path own = folder.resolve("died-" + dieAt);
            List<String> log = new ArrayList<>();
            Life first = new Life(method.task(), own, log, dieAt);
            assertThatThrownBy(first.trainer::run).isInstanceOf(Killed.class);
            Life second = new Life(method.task(), own, log, -1);
            assertThat(second.trainer.resume().orElseThrow().step()).isEqualTo(dieAt - 1);
            second.trainer.run();
            assertThat(second.remains()).as("died in step %s", dieAt).isEqualTo(whole.remains());
        }
    }

    /// The first iteration's completions must have changed the weights, or nothing was put to the test.
    @ParameterizedTest
    @EnumSource(Method.class)
    void theTrainingMovesTheWeights(Method method) {
        PolicyTask task = method.task();
        Map<String, Object> before = new Life(task, null, new ArrayList<>(), -1).remains();
        Life life = new Life(task, null, new ArrayList<>(), -1);
        life.trainer.run();
        assertThat(life.remains().get("log").toString()).contains("reward");
        assertThat(life.remains()).isNotEqualTo(before);
    }

    @Test
    void otherSettingsAreNotResumed() {
        new Life(Method.EXPERT.task(), folder, new ArrayList<>(), -1).trainer.run();
        PolicyTask other = new ExpertIteration(Toys.gpt(1, DType.FLOAT32), Toys.threes(), ROLLOUTS, 2, Rng.of(6));
        Life life = new Life(other, folder, new ArrayList<>(), -1);
        assertThatThrownBy(life.trainer::resume).isInstanceOf(DataException.class);
    }
}
