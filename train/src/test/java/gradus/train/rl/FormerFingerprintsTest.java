package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.ReversedAddition;
import gradus.train.rl.verifiable.Reward;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints of earlier versions, which said less of a task, go on.
class FormerFingerprintsTest {
    private static final GroupPolicyConfig GRPO = GroupPolicyConfig.grpo();

    @TempDir
    Path folder;

    private static Task task(Reward reward, GroupPolicyConfig config) {
        Answers answers = Answers.ofCharacters(
                new ReversedAddition(1), reward, 2, Rng.of(1).at("questions"));
        Gpt gpt = new Gpt(new GptConfig(answers.tokenizer().vocabularySize(), 8, 1, 1, 8, 0), Rng.of(2));
        RolloutConfig rollouts =
                RolloutConfig.defaults().withPrompts(2).withNumGenerations(2).withMaxCompletionLength(3);
        return new GroupPolicyTask(gpt, null, answers, rollouts, config, Rng.of(3));
    }

    private Trainer trainer(Task task) {
        TrainConfig config = TrainConfig.defaults().withSteps(2).withWarmup(0).withEvalEvery(0);
        return Trainer.of(task, config).saveTo(new Checkpoints(folder, 2), () -> 0);
    }

    /// The task as an earlier version told of it.
    private record Earlier(Task task) implements Task {
        @Override
        public Layer model() {
            return task.model();
        }

        @Override
        public List<? extends Part> parts(int step) {
            return task.parts(step);
        }

        @Override
        public String fingerprint() {
            return task.formerFingerprints().getFirst();
        }

        @Override
        public SequencedMap<String, Tensor> state() {
            return task.state();
        }
    }

    @Test
    void whatCheckpointsTellOfTheSettingsStaysAsItIs() {
        assertThat(GroupPolicyConfig.dapo().withKl(KlEstimator.K1, true).withBeta(0.5))
                .hasToString("GroupPolicyConfig[advantage=NORMALISED, ratio=TOKEN, aggregation=DAPO, epsilonLow=0.2,"
                        + " epsilonHigh=0.28, beta=0.5, kl=K1, klInReward=true, entropyCoef=0.0, surrogate=CLIPPED,"
                        + " delta=Infinity, maskTruncatedCompletions=false]");
    }

    @Test
    void theRewardAndTheNewerSettingsWereNotTold() {
        Task task = task(Reward.exactMatch(), GRPO);
        String former = task.formerFingerprints().getFirst();
        assertThat(former.length()).isLessThan(task.fingerprint().length());
        assertThat(former).doesNotContain("surrogate", "delta", "maskTruncatedCompletions");
        trainer(new Earlier(task)).run();
        assertThat(trainer(task(Reward.exactMatch(), GRPO)).resume()).isPresent();
        Trainer other = trainer(task(Reward.exactMatch(), GRPO.withDelta(3)));
        assertThatThrownBy(other::resume).isInstanceOf(DataException.class).hasMessageContaining("has changed");
    }

    /// What is told now is compared.
    @Test
    void anotherRewardIsAnotherTask() {
        trainer(task(Reward.exactMatch(), GRPO)).run();
        Trainer other = trainer(task(Reward.of(0.5, 1), GRPO));
        assertThatThrownBy(other::resume).isInstanceOf(DataException.class).hasMessageContaining("has changed");
        assertThat(trainer(task(Reward.exactMatch(), GRPO)).resume()).isPresent();
    }
}
