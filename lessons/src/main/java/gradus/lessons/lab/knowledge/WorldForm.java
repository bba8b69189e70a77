package gradus.lessons.lab.knowledge;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.retrieve.rag.PromptForm;
import gradus.lessons.retrieve.search.Passage;
import java.util.List;
import java.util.stream.Collectors;

/// The prompt of a [SmallModel]: the passages one after the other, then the question.
public record WorldForm() implements PromptForm {
    private static final CompletionOptions OPTIONS =
            CompletionOptions.defaults().withMaxTokens(3);

    @Override
    public String prompt(String question, List<Passage> passages) {
        return of(passages.stream().map(Passage::text).toList(), question);
    }

    /// The same of texts.
    public static String of(List<String> texts, String question) {
        return texts.stream().map(text -> text + " ").collect(Collectors.joining()) + "? " + question;
    }

    @Override
    public CompletionOptions options() {
        return OPTIONS;
    }
}
