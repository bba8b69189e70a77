package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.List;
import java.util.function.UnaryOperator;

/// Another retriever's best documents, ordered by a [Reranker].
public final class Reranked implements Retriever {
    private final Retriever first;
    private final Reranker reranker;
    private final UnaryOperator<String> texts;
    private final int depth;

    /// @param texts the text of the document of an id
    /// @param depth how many documents are ordered, if k is not more
    /// @throws gradus.error.ConfigException unless depth ≥ 1
    public Reranked(Retriever first, Reranker reranker, UnaryOperator<String> texts, int depth) {
        require(depth >= 1, "the depth must be at least 1; got %d", depth);
        this.first = first;
        this.reranker = reranker;
        this.texts = texts;
        this.depth = depth;
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        List<Hit> candidates = first.search(query, k < 1 ? k : Math.max(k, depth), filter);
        return reranker.rerank(query, candidates, texts).stream().limit(k).toList();
    }
}
