package gradus.lessons.prompt;

import java.util.List;
import java.util.Optional;

/// What a way of prompting comes to.
///
/// @param answer   empty if what the model wrote holds none, which is a result and no error
/// @param thoughts the steps, in their order
public record Outcome(Optional<String> answer, List<Thought> thoughts) {
    public Outcome {
        thoughts = List.copyOf(thoughts);
    }

    /// The answer, or another text where there is none.
    public String answerOr(String other) {
        return answer.orElse(other);
    }
}
