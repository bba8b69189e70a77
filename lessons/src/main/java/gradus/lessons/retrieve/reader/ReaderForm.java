package gradus.lessons.retrieve.reader;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.retrieve.rag.PromptForm;
import gradus.lessons.retrieve.search.Passage;
import java.util.List;

/// The prompt of the reader that is trained here, and of no other model: see [ReaderText]. Each passage is one
/// line, so that no line of a passage looks like the question. The answer ends with its line.
public record ReaderForm() implements PromptForm {
    private static final CompletionOptions OPTIONS =
            CompletionOptions.defaults().withMaxTokens(40).withStop("\n");

    @Override
    public String prompt(String question, List<Passage> passages) {
        return ReaderText.passages(passages.stream().map(Passage::text).toList()) + ReaderText.question(question);
    }

    @Override
    public CompletionOptions options() {
        return OPTIONS;
    }
}
