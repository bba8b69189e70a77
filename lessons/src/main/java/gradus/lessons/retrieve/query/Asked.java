package gradus.lessons.retrieve.query;

import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a model is asked about a question, and the lines of its answer.
final class Asked {
    private static final CompletionOptions OPTIONS =
            CompletionOptions.defaults().withMaxTokens(200);

    private Asked() {}

    /// The whole answer in one line; the question itself where there is none.
    static String one(TextModel model, String task, String question) {
        String answer = spaced(model.complete(prompt(task, question), OPTIONS));
        return answer.isEmpty() ? question : answer;
    }

    /// The question and up to so many lines of the answer, without their numbers and bullets, none twice.
    static List<String> several(TextModel model, String task, String question, int most) {
        Set<String> lines = new LinkedHashSet<>();
        for (String line : model.complete(prompt(task, question), OPTIONS).split("\\R")) {
            lines.add(spaced(line.replaceFirst("^\\s*(?:\\d+[.)]|[-*•])\\s*", "")));
        }
        lines.removeAll(Set.of("", question));
        List<String> queries = new ArrayList<>(List.of(question));
        lines.stream().limit(most).forEach(queries::add);
        return queries;
    }

    private static String prompt(String task, String question) {
        return task + "\n\nQuestion: " + spaced(question) + "\n";
    }

    private static String spaced(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
