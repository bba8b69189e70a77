package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.TaskForm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Takes a question apart into easier ones and answers them in their order, each with the answers before it in
/// sight; the question itself is the last. Zhou et al. 2022, *Least-to-Most Prompting Enables Complex Reasoning
/// in Large Language Models*, arXiv:2205.10625. There, demonstrations show both; here, an instruction says it.
///
/// @param most      the most easier questions; further ones are not asked
/// @param extractor takes the answer from what is written behind the last question
/// @param options   how all is completed
public record LeastToMost(TextModel model, int most, AnswerExtractor extractor, CompletionOptions options)
        implements PromptMethod {
    private static final String QUESTION = "\nQ:";

    /// @throws gradus.error.ConfigException unless most ≥ 1
    public LeastToMost {
        require(most >= 1, "the most easier questions must be at least 1; got %d", most);
    }

    /// At most 6 easier questions.
    public LeastToMost(TextModel model, AnswerExtractor extractor) {
        this(model, 6, extractor, CompletionOptions.defaults());
    }

    @Override
    public Outcome ask(String question) {
        Steps steps = new Steps(model);
        String asked = TaskForm.line(question);
        List<String> questions = easier(steps, asked);
        questions.add(asked);
        StringBuilder prompt = new StringBuilder();
        String text = "";
        for (int i = 0; i < questions.size(); i++) {
            prompt.append("Q: ").append(questions.get(i)).append("\nA:");
            String name = i + 1 < questions.size() ? "question " + (i + 1) : "last question";
            text = steps.ask(name, prompt.toString(), options.alsoStoppingAt(QUESTION))
                    .strip();
            prompt.append(' ').append(text).append("\n\n");
        }
        return steps.outcome(extractor.extract(text));
    }

    /// The lines of the answer without their numbers and bullets, none twice, without the question.
    private List<String> easier(Steps steps, String question) {
        String prompt = "Write the easier questions that must be answered first to answer the question, in their"
                + " order, one a line, at most " + most + ". Write nothing else.\n\nQuestion: " + question + "\n";
        Set<String> lines = new LinkedHashSet<>();
        for (String line : steps.ask("decomposition", prompt, options).split("\\R")) {
            lines.add(TaskForm.item(line));
        }
        lines.removeAll(List.of("", question));
        return new ArrayList<>(lines.stream().limit(most).toList());
    }
}
