package gradus.lessons.prompt;

/// A way of prompting: a program that asks a model once or often and takes an answer from what it writes.
@FunctionalInterface
public interface PromptMethod {
    /// Asks.
    ///
    /// @throws gradus.error.GradusException naming the step, if the model refuses a prompt: for one, because
    ///     the prompt has grown longer than the model can see
    Outcome ask(String question);
}
