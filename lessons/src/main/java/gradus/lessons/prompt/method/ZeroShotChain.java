package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.TaskForm;
import java.util.List;

/// A chain of thought without demonstrations, in two prompts: the first brings the rationale, the second, which
/// holds the first and the rationale, the answer.
/// ```text
/// Q: How many legs have three cats?
/// A: Let's think step by step. A cat has 4 legs. 3 · 4 = 12.
/// Therefore, the answer is 12
/// ```
/// Kojima et al. 2022, *Large Language Models are Zero-Shot Reasoners*, arXiv:2205.11916. There the text in
/// front of the answer is chosen by the kind of task, such as `Therefore, the answer (arabic numerals) is`: a
/// parameter here.
///
/// @param trigger   what makes the model write a rationale
/// @param closing   what makes it write the answer
/// @param extractor takes the answer from what it writes then; if that holds none, there is none
/// @param options   how the rationale is completed; the answer always greedily, by at most 32 tokens of one
///     line
public record ZeroShotChain(
        TextModel model, String trigger, String closing, AnswerExtractor extractor, CompletionOptions options)
        implements ChainOfThought {
    /// As in the paper.
    public static final String TRIGGER = "Let's think step by step.";

    /// For every kind of answer.
    public static final String CLOSING = "Therefore, the answer is";

    /// For numbers, as in the paper.
    public static final String NUMBER_CLOSING = "Therefore, the answer (arabic numerals) is";

    private static final String QUESTION = "\nQ:";
    private static final int ANSWER_TOKENS = 32;

    /// @throws gradus.error.ConfigException if trigger or closing are empty
    public ZeroShotChain {
        require(
                !trigger.isBlank() && !closing.isBlank(),
                "the texts in front of a rationale and of an answer must not be empty");
    }

    /// With the paper's texts for answers of any kind.
    public ZeroShotChain(TextModel model, AnswerExtractor extractor) {
        this(model, TRIGGER, CLOSING, extractor, CompletionOptions.defaults());
    }

    @Override
    public ZeroShotChain withOptions(CompletionOptions other) {
        return new ZeroShotChain(model, trigger, closing, extractor, other);
    }

    @Override
    public Outcome ask(String question) {
        Steps steps = new Steps(model);
        String first = "Q: " + TaskForm.line(question) + "\nA: " + trigger;
        String rationale = steps.ask("rationale", first, options.alsoStoppingAt(QUESTION));
        String second = first + " " + rationale.strip() + "\n" + closing;
        CompletionOptions brief = new CompletionOptions(ANSWER_TOKENS, 0, List.of("\n"), options.seed());
        return steps.outcome(extractor.extract(steps.ask("answer", second, brief)));
    }
}
