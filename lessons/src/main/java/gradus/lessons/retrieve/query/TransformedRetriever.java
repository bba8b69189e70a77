package gradus.lessons.retrieve.query;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Fusion;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import java.util.List;

/// Another retriever, asked for what a [QueryTransform] makes of the question. The rankings of several queries
/// are made one.
public record TransformedRetriever(Retriever retriever, QueryTransform transform, Fusion fusion) implements Retriever {
    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        require(k >= 1, "k, the number of documents to find, must be at least 1; got %d", k);
        return search(transform.queries(query), k, filter);
    }

    /// Searches for queries that were made already.
    public List<Hit> search(List<String> queries, int k, Filter filter) {
        if (queries.size() == 1) {
            return retriever.search(queries.getFirst(), k, filter);
        }
        List<List<Hit>> rankings =
                queries.stream().map(each -> retriever.search(each, k, filter)).toList();
        return fusion.fuse(rankings).stream().limit(k).toList();
    }
}
