package gradus.lessons.prompt.demonstration;

import java.util.List;

/// A text that a model goes on with. What is to be done is not said; the demonstrations show it.
/// ```text
/// Q: 2 + 2
/// A: 4
///
/// Q: 3 + 4
/// A:
/// ```
///
/// @param question what stands before a question, such as `Q:`
/// @param answer   what stands before an answer, such as `A:`
public record CompletionForm(String question, String answer) implements TaskForm {
    /// `Q:` and `A:`.
    public static CompletionForm defaults() {
        return new CompletionForm("Q:", "A:");
    }

    @Override
    public String prompt(List<Demonstration> demonstrations, String asked) {
        StringBuilder prompt = new StringBuilder();
        for (Demonstration each : demonstrations) {
            prompt.append(question)
                    .append(' ')
                    .append(TaskForm.line(each.question()))
                    .append('\n')
                    .append(answer)
                    .append(' ')
                    .append(TaskForm.line(each.answer()))
                    .append("\n\n");
        }
        return prompt.append(question)
                .append(' ')
                .append(TaskForm.line(asked))
                .append('\n')
                .append(answer)
                .toString();
    }

    @Override
    public String end() {
        return "\n" + question;
    }
}
