package gradus.lessons.lab.reasoning;

import gradus.error.ConfigException;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.PromptMethod;
import java.util.List;
import java.util.Optional;

/// What a small model makes of a question.
final class Answered {
    private Answered() {}

    /// The outcome; none, without a thought, where the model writes so much on its way that a prompt outgrows
    /// it.
    static Outcome by(PromptMethod method, String question) {
        try {
            return method.ask(question);
        } catch (ConfigException outgrown) {
            return new Outcome(Optional.empty(), List.of());
        }
    }
}
