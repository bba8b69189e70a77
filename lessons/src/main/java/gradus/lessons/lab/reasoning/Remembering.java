package gradus.lessons.lab.reasoning;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A model that is asked once for each prompt with each options: the same gives the same text, so a search that
/// comes to a state again need not wait.
final class Remembering implements TextModel {
    private final TextModel model;
    private final Map<List<Object>, String> answers = new HashMap<>();

    Remembering(TextModel model) {
        this.model = model;
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        List<Object> key = List.of(prompt, options);
        String answer = answers.get(key);
        if (answer == null) {
            answer = model.complete(prompt, options);
            answers.put(key, answer);
        }
        return answer;
    }
}
