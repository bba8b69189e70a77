package org.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.rl.CompletionRows;
import gradus.train.rl.Environment;
import gradus.train.rl.Experience;
import gradus.train.rl.Experience.Column;
import gradus.train.rl.PolicyTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.TokenScores;
import gradus.train.schedule.ScheduleKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An algorithm of reinforcement of one's own, with an environment of one's own, written outside the library.
class OwnPolicyTaskTest {
    private static final RolloutConfig ROLLOUTS = RolloutConfig.defaults()
            .withPrompts(16)
            .withNumGenerations(8)
            .withMaxCompletionLength(3)
            .withNumIterations(2)
            .withMinibatches(2);
    private static final TrainConfig CONFIG = TrainConfig.defaults()
            .withSteps(200)
            .withSchedule(ScheduleKind.CONSTANT)
            .withLr(1e-2)
            .withWarmup(0)
            .withEvalEvery(0)
            .withCheckpointEvery(1);

    @TempDir
    Path folder;

    private static LanguageModel small() {
        return new SmallModel(Echo.END + 1, 16, new Ramp(16), rng -> new NearAttention(16, rng), Rng.of(3));
    }

    private static RewardWeighted task() {
        return new RewardWeighted(small(), new Echo(), ROLLOUTS, Rng.of(4));
    }

    /// Of four words three at least are repeated and ended in the end; resumed in the middle of an iteration, whose
    /// weights are gone then.
    @Test
    void itLearnsAndResumes() {
        RewardWeighted straight = task();
        double before = straight.evaluate(0).orElseThrow();
        Trainer.of(straight, CONFIG).run();
        assertThat(straight.evaluate(0).orElseThrow())
                .isLessThanOrEqualTo(-0.875)
                .isLessThan(before - 0.25);
        assertThat(straight.metrics()).containsEntry("best", 1.0).containsKeys("reward", "completions/mean_length");
        Trainer first = Trainer.of(task(), CONFIG).saveTo(new Checkpoints(folder, 2), () -> 0);
        first.listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() == 30) {
                            first.requestStop();
                        }
                    }
                })
                .run();
        RewardWeighted resumed = task();
        Trainer second = Trainer.of(resumed, CONFIG).saveTo(new Checkpoints(folder, 2), () -> 0);
        assertThat(second.resume().orElseThrow().step()).isEqualTo(30);
        second.run();
        straight.model()
                .state()
                .forEach((name, tensor) -> assertThat(
                                resumed.model().state().get(name).toFloatArray())
                        .as(name)
                        .isEqualTo(tensor.toFloatArray()));
        straight.state()
                .forEach((name, tensor) ->
                        assertThat(resumed.state().get(name).toArray()).as(name).isEqualTo(tensor.toArray()));
    }

    /// The sample in the documentation of [PolicyTask].
    private static final class Documented extends PolicyTask {
        Documented(LanguageModel policy, Environment environment, RolloutConfig rollouts, Rng rng) {
            super(policy, policy, environment, rollouts, rng, Column.ADVANTAGES);
        }

        @Override
        protected void prepare(Experience experience, List<CompletionRows> rows) {
            double[] weights =
                    Arrays.stream(experience.rewards()).map(Math::exp).toArray();
            experience.put(Column.ADVANTAGES, experience.perToken(weights));
        }

        @Override
        protected Tensor loss(Minibatch part) {
            TokenScores scores = TokenScores.of(policy(), part.rows(), config().temperature());
            Tensor weights = part.get(Column.ADVANTAGES, scores.logProbs()); // (B, T)
            return scores.logProbs().mul(weights).sum().div(-counted(part)); // ()
        }

        @Override
        protected long counted(Minibatch part) {
            return part.rows().tokens();
        }

        @Override
        protected String settings() {
            return "reward-weighted";
        }
    }

    /// The loss is a mean of weights from 1 to e times surprises of some nats.
    @Test
    void theDocumentedOneComputesItsLoss() {
        PolicyTask task = new Documented(small(), new Echo(), ROLLOUTS, Rng.of(4));
        assertThat(task.parts(0).getFirst().loss().item()).isBetween(0.1, 20.0);
        assertThat(task.fingerprint()).contains("echo").contains("reward-weighted");
    }

    /// Keeps numbers that are not as the completions are.
    private static final class Careless extends PolicyTask {
        private static final LanguageModel SMALL = small();
        private final Column column;

        Careless(Column column) {
            super(SMALL, SMALL, new Echo(), ROLLOUTS, Rng.of(4), Column.ADVANTAGES);
            this.column = column;
        }

        @Override
        protected void prepare(Experience experience, List<CompletionRows> rows) {
            List<double[]> numbers = new ArrayList<>(List.of(experience.get(Column.LOG_PROBS)));
            numbers.set(1, new double[numbers.get(1).length + 1]);
            experience.put(column, numbers.toArray(double[][]::new));
        }

        @Override
        protected Tensor loss(Minibatch part) {
            return Tensor.scalar(0);
        }

        @Override
        protected long counted(Minibatch part) {
            return 1;
        }

        @Override
        protected String settings() {
            return "careless";
        }
    }

    @Test
    void whatItKeepsMustFitTheCompletions() {
        assertThatThrownBy(() -> new Careless(Column.ADVANTAGES).parts(0))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("ADVANTAGES: completion 1 has \\d tokens; got \\d numbers");
        assertThatThrownBy(() -> new Careless(Column.VALUES).parts(0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("VALUES: the task keeps no such numbers; name the column when it is made");
    }
}
