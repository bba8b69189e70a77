package gradus.lessons.prompt.method;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.CompletionForm;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.Selection;
import java.util.List;

/// A chain of thought with demonstrations that show theirs. The answer stands behind [#MARKER].
/// ```text
/// Q: How many legs have two birds?
/// A: A bird has 2 legs. 2 · 2 = 4. The answer is 4.
///
/// Q: How many legs have three cats?
/// A:
/// ```
/// Wei et al. 2022, arXiv:2201.11903.
///
/// @param extractor takes the answer from what stands behind the marker; where the model does not write the
///     marker, there is no answer
/// @param options   how it is completed; the text ends before a further question too
public record FewShotChain(TextModel model, Selection selection, AnswerExtractor extractor, CompletionOptions options)
        implements ChainOfThought {
    /// What stands in front of the answer.
    public static final String MARKER = "The answer is";

    private static final CompletionForm FORM = CompletionForm.defaults();

    /// Greedy, at most 256 tokens.
    public FewShotChain(TextModel model, List<Demonstration> demonstrations, AnswerExtractor extractor) {
        this(model, Selection.all(demonstrations), extractor, CompletionOptions.defaults());
    }

    @Override
    public FewShotChain withOptions(CompletionOptions other) {
        return new FewShotChain(model, selection, extractor, other);
    }

    @Override
    public Outcome ask(String question) {
        List<Demonstration> shown = selection.select(question);
        require(!shown.isEmpty(), "a chain of thought by demonstrations needs at least one");
        Steps steps = new Steps(model);
        String prompt = FORM.prompt(shown.stream().map(FewShotChain::worked).toList(), question);
        String text = steps.ask("rationale", prompt, options.alsoStoppingAt(FORM.end()));
        return steps.outcome(AnswerExtractor.after(MARKER, extractor).extract(text));
    }

    /// Whose answer begins with the rationale.
    private static Demonstration worked(Demonstration plain) {
        String answer = MARKER + " " + plain.answer() + ".";
        return Demonstration.of(
                plain.question(), plain.rationale().isBlank() ? answer : plain.rationale() + " " + answer);
    }
}
