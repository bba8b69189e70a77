package gradus.lessons.retrieve.search;

import java.util.List;

/// Finds the documents that a question is about.
@FunctionalInterface
public interface Retriever {
    /// The best k of the documents that a filter accepts, best first, equal ones by id; fewer if there are no
    /// more.
    ///
    /// @throws gradus.error.ConfigException unless k ≥ 1
    List<Hit> search(String query, int k, Filter filter);

    /// The best k of all documents.
    ///
    /// @throws gradus.error.ConfigException unless k ≥ 1
    default List<Hit> search(String query, int k) {
        return search(query, k, Filter.all());
    }
}
