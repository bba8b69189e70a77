package gradus.lessons.prompt.demonstration;

import java.util.List;

/// Chooses the demonstrations for a question, in the order in which they are shown.
@FunctionalInterface
public interface Selection {
    List<Demonstration> select(String question);

    /// The same for every question.
    static Selection all(List<Demonstration> demonstrations) {
        List<Demonstration> kept = List.copyOf(demonstrations);
        return question -> kept;
    }

    /// None: zero-shot.
    static Selection none() {
        return all(List.of());
    }
}
