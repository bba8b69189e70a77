package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;

/// A question with its answer, shown to a model as an example.
///
/// @param rationale how one gets to the answer; empty where that is not shown
public record Demonstration(String question, String rationale, String answer) {
    /// @throws gradus.error.ConfigException if question or answer are empty
    public Demonstration {
        require(
                !question.isBlank() && !answer.isBlank(),
                "a demonstration needs a question and an answer; got %s and %s",
                Printable.value(question),
                Printable.value(answer));
    }

    /// Without a rationale.
    public static Demonstration of(String question, String answer) {
        return new Demonstration(question, "", answer);
    }
}
