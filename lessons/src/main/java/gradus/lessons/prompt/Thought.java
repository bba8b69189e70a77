package gradus.lessons.prompt;

/// A step on the way to an answer: what a model wrote, or what else became known.
///
/// @param name   of the step, such as `rationale` or `Observation 2`
/// @param prompt what the model was asked; empty if it was not asked
/// @param text   what it wrote, or what a program noted
public record Thought(String name, String prompt, String text) {
    /// Whether a model wrote it.
    public boolean isAsked() {
        return !prompt.isEmpty();
    }

    /// The same with a longer name.
    public Thought under(String prefix) {
        return new Thought(prefix + name, prompt, text);
    }
}
