package gradus.lessons.retrieve.rag;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.retrieve.search.Passage;
import java.util.List;

/// How a question and the passages that may answer it are written for a model. What passages say is data: no
/// form lets it look like a part of the task.
public interface PromptForm {
    /// The prompt.
    String prompt(String question, List<Passage> passages);

    /// How it is completed.
    CompletionOptions options();
}
