package gradus.lessons.prompt.demonstration;

import java.util.List;

/// How demonstrations and a question are written for a model.
public interface TaskForm {
    /// The prompt, up to where the answer begins.
    String prompt(List<Demonstration> demonstrations, String question);

    /// A text before which the answer is over: where the model would go on with a question of its own.
    String end();

    /// One line, as forms have it: a question with line breaks could look like another demonstration.
    static String line(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
