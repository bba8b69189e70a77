package gradus.lessons.retrieve.refine;

import gradus.lessons.retrieve.search.Passage;
import java.util.List;

/// Makes of the passages that were found those that a model is to read: fewer, shorter, longer, or in another
/// order. What a passage says always stands at its source.
@FunctionalInterface
public interface Refinement {
    List<Passage> refine(String question, List<Passage> passages);

    /// This one, and then another.
    default Refinement then(Refinement next) {
        return (question, passages) -> next.refine(question, refine(question, passages));
    }

    /// The passages as they are.
    static Refinement none() {
        return (question, passages) -> passages;
    }
}
