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

    /// A line of a list as one line, without its number or bullet. A sign or the beginning of a decimal number
    /// is neither: `-5 + 3` and `3.5 is more` stay as they are.
    static String item(String text) {
        return line(text.replaceFirst("^\\s*(?:\\d+[.)](?:\\s+|(?=\\p{L}))|[-*•]\\s+)", ""));
    }
}
