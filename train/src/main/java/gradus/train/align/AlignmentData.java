package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.TokenizerException;
import gradus.tensor.Rng;
import gradus.tokenizer.Tokenizer;
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
    static final String LINE_END = "\n";

    /// @param format  what an answer of the right form is paid
    /// @param answer  what the right answer is paid on top
    /// @param heldOut how many questions are only measured on
    public record Paid(double format, double answer, int heldOut) {}

    /// The task of learning, see [#questions].
    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        Rng rng = Rng.of(train.loop().seed());
        Answers answers = questions(base.saved().text().tokenizer(), rng.at("questions"));
        int longest = answers.problem(0).prompt().length + policy.rollouts().maxCompletionLength();
        require(
                longest <= tuned.model().context(),
                "%s: a question and an answer of %d tokens do not fit in the base's context of %d; lower"
                        + " max-completion-length",
                task,
                policy.rollouts().maxCompletionLength(),
                tuned.model().context());
        return policy.task(tuned, base, train, answers, paid.format + paid.answer);
    }

    /// The questions as tokens.
    private Answers questions(Tokenizer tokenizer, Rng rng) {
        try {
            tokenizer.encode(task.alphabet());
        } catch (TokenizerException unknown) {
            throw new ConfigException(
                    task + ": the base's tokenizer does not know all of its characters: " + unknown.getMessage());
        }
        int[] end = tokenizer.encode(LINE_END);
        require(
                end.length == 1 && tokenizer.decode(end).equals(LINE_END),
                "%s: the base's tokenizer has no token for the end of a line, which ends an answer",
                task);
        return new Answers(task, tokenizer, end[0], Reward.of(paid.format, paid.answer), paid.heldOut, rng);
    }
}
