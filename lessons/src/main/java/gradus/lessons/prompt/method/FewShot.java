package gradus.lessons.prompt.method;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.demonstration.TaskForm;

/// In-context learning: the prompt shows some questions with their answers, then the question. No weight
/// changes. Without demonstrations it is zero-shot prompting. Brown et al. 2020, *Language Models are Few-Shot
/// Learners*, arXiv:2005.14165.
///
/// @param selection which demonstrations, in which order
/// @param form      as an instruction or as a text to go on with
/// @param extractor takes the answer from what the model writes
/// @param options   how it is completed; the text ends before the form's next question too
public record FewShot(
        TextModel model, TaskForm form, Selection selection, AnswerExtractor extractor, CompletionOptions options)
        implements PromptMethod {
    @Override
    public Outcome ask(String question) {
        Steps steps = new Steps(model);
        String prompt = form.prompt(selection.select(question), question);
        String text = steps.ask("answer", prompt, options.alsoStoppingAt(form.end()));
        return steps.outcome(extractor.extract(text));
    }
}
