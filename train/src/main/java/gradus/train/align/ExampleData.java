package gradus.train.align;

import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.Reward;
import gradus.train.rl.verifiable.SupervisedAnswers;
import gradus.train.rl.verifiable.VerifiableTask;
import gradus.train.task.Task;
import java.nio.file.Path;

/// Questions with right answers, of which the answers are learned: what a model must know before it can learn
/// from what its own answers are paid.
///
/// @param task    gives questions and answers
/// @param heldOut how many questions are only measured on
public record ExampleData(VerifiableTask task, int heldOut) implements TuningData {

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        Rng rng = Rng.of(train.loop().seed());
        Answers answers = TaskQuestions.of(task, base, Reward.exactMatch(), heldOut, rng.at("questions"));
        int longest = task.longestAnswer() + 1;
        TaskQuestions.requireFits(answers, longest, tuned.model());
        return new SupervisedAnswers(
                tuned.model(), answers, train.batches(), train.steps(), longest, rng.at("examples"));
    }
}
