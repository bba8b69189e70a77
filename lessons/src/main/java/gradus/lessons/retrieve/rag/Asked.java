package gradus.lessons.retrieve.rag;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;

/// A question whose answer is known.
///
/// @param document the id of the document that has the answer
public record Asked(String question, String answer, String document) {
    /// @throws gradus.error.ConfigException if something is empty
    public Asked {
        require(
                !question.isBlank() && !answer.isBlank() && !document.isBlank(),
                "a question, its answer and its document must not be empty; got %s, %s, %s",
                Printable.value(question),
                Printable.value(answer),
                Printable.value(document));
    }
}
