package gradus.lessons.retrieve.rag;

import gradus.lessons.prompt.TextModel;
import gradus.lessons.retrieve.search.Passage;
import java.util.List;

/// The last step of every pipeline: a model reads passages and answers.
public record Reading(TextModel model, PromptForm form) {
    /// With [QuotedContext#defaults].
    public Reading(TextModel model) {
        this(model, QuotedContext.defaults());
    }

    /// The answer, also without any passage.
    public Answer answer(String question, List<Passage> passages) {
        String prompt = form.prompt(question, passages);
        String text = model.complete(prompt, form.options()).strip();
        return new Answer(text, Citation.of(text, passages), passages, prompt);
    }
}
