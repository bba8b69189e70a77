package gradus.lessons.retrieve.query;

import java.util.List;

/// Makes of a question what is searched for: people ask otherwise than texts answer.
@FunctionalInterface
public interface QueryTransform {
    /// The queries, at least one.
    List<String> queries(String question);

    /// The question as it is.
    static QueryTransform asIs() {
        return List::of;
    }
}
