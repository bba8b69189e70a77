package gradus.lessons.lab.material;

import static gradus.error.ConfigException.require;

/// A text to learn from.
///
/// @param prompt what is read
/// @param answer what is written behind it, which is learned
public record Lesson(String prompt, String answer) {
    /// @throws gradus.error.ConfigException if one of them is empty
    public Lesson {
        require(!prompt.isEmpty() && !answer.isEmpty(), "a lesson needs a prompt and an answer");
    }
}
