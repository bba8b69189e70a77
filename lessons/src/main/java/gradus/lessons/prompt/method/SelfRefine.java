package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.template.PromptTemplate;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Lets the model criticise what it wrote and write it anew, until it has nothing to say against it, or so many
/// rounds are over. Madaan et al. 2023, *Self-Refine: Iterative Refinement with Self-Feedback*,
/// arXiv:2303.17651. Other than there, it sees the last text with its criticism and not all of the earlier
/// ones, so that the prompt does not grow.
///
/// @param rounds    the most revisions; 0 leaves the first text as it is
/// @param stopSign  what the model is told to write alone where there is nothing to improve; within other words
///     it stops nothing
/// @param extractor takes the answer from the last text
/// @param options   how all is completed
public record SelfRefine(
        TextModel model, int rounds, String stopSign, AnswerExtractor extractor, CompletionOptions options)
        implements PromptMethod {
    private static final PromptTemplate DRAFT =
            PromptTemplate.of("Answer the question.\n\nQuestion: {question}\nAnswer:");
    private static final PromptTemplate FEEDBACK = PromptTemplate.of("""
            Below are a question and an answer. Say what is wrong with the answer and how to improve it. If there \
            is nothing to improve, write {sign} alone.

            Question: {question}
            Answer: {answer}
            Feedback:""");
    private static final PromptTemplate REVISION = PromptTemplate.of("""
            Below are a question, an answer, and what was said about the answer. Write a better answer. Write \
            nothing else.

            Question: {question}
            Answer: {answer}
            Feedback: {feedback}
            Better answer:""");

    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

    /// @throws gradus.error.ConfigException if rounds is negative or the stop sign empty
    public SelfRefine {
        require(rounds >= 0, "rounds, the most revisions, must not be negative; got %d", rounds);
        require(!stopSign.isBlank(), "the stop sign must not be empty");
    }

    /// At most 3 rounds, with the sign `NOTHING TO IMPROVE`; the whole text is the answer.
    public SelfRefine(TextModel model) {
        this(model, 3, "NOTHING TO IMPROVE", AnswerExtractor.whole(), CompletionOptions.defaults());
    }

    @Override
    public Outcome ask(String question) {
        Steps steps = new Steps(model);
        String answer = ask(steps, "draft", DRAFT, Map.of("question", question));
        for (int round = 1; round <= rounds; round++) {
            String feedback = ask(
                    steps,
                    "feedback " + round,
                    FEEDBACK,
                    Map.of("question", question, "answer", answer, "sign", stopSign));
            if (says(feedback)) {
                break;
            }
            answer = ask(
                    steps,
                    "revision " + round,
                    REVISION,
                    Map.of("question", question, "answer", answer, "feedback", feedback));
        }
        return steps.outcome(Optional.of(answer).flatMap(extractor::extract));
    }

    private String ask(Steps steps, String name, PromptTemplate template, Map<String, String> values) {
        return steps.ask(name, template.fill(values), options).strip();
    }

    /// Whether the feedback is the sign alone, up to its case and marks around it.
    private boolean says(String feedback) {
        return bare(feedback).equalsIgnoreCase(bare(stopSign));
    }

    private static String bare(String text) {
        String bare = AROUND.matcher(text).replaceAll("");
        return bare.isEmpty() ? text.strip() : bare;
    }
}
