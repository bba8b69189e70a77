package gradus.train.align;

import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.Reward;
import gradus.train.rl.verifiable.VerifiableTask;
import gradus.train.task.Task;
import java.nio.file.Path;

/// Questions whose answers a program can check, from which a model learns by what its answers are paid. An
/// answer ends with the line.
///
/// @param task   gives the questions and grades the answers
/// @param policy how the policy learns
/// @param paid   what is paid, and how much is held out
public record AlignmentData(VerifiableTask task, PolicySettings policy, Paid paid) implements TuningData {
    /// @param format  what an answer of the right form is paid
    /// @param answer  what the right answer is paid on top
    /// @param heldOut how many questions are only measured on
    public record Paid(double format, double answer, int heldOut) {}

    /// The task of learning, see [TaskQuestions].
    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        Rng rng = Rng.of(train.loop().seed());
        Answers answers =
                TaskQuestions.of(task, base, Reward.of(paid.format, paid.answer), paid.heldOut, rng.at("questions"));
        TaskQuestions.requireFits(answers, policy.rollouts().maxCompletionLength(), tuned.model());
        return policy.task(tuned, base, train, answers, paid.format + paid.answer);
    }
}
