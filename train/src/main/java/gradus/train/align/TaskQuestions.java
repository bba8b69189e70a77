package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.TokenizerException;
import gradus.layers.model.LanguageModel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.finetune.OpenBase;
import gradus.train.rl.verifiable.Answers;
import gradus.train.rl.verifiable.Reward;
import gradus.train.rl.verifiable.VerifiableTask;

/// The questions of a task in the tokens of a base. An answer ends with the line.
final class TaskQuestions {
    static final String LINE_END = "\n";

    private TaskQuestions() {}

    /// @param heldOut how many questions are only measured on
    /// @throws ConfigException if the base's tokenizer lacks a character, or a token for the end of a line
    static Answers of(VerifiableTask task, OpenBase base, Reward reward, int heldOut, Rng rng) {
        Tokenizer tokenizer = base.saved().text().tokenizer();
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
        return new Answers(task, tokenizer, end[0], reward, heldOut, rng);
    }

    /// @param longest the most tokens of an answer
    /// @throws ConfigException if a question with such an answer is longer than the context
    static void requireFits(Answers answers, int longest, LanguageModel model) {
        require(
                answers.problem(0).prompt().length + longest <= model.context(),
                "%s: a question and an answer of %d tokens do not fit in the base's context of %d; lower"
                        + " max-completion-length",
                answers.task(),
                longest,
                model.context());
    }
}
