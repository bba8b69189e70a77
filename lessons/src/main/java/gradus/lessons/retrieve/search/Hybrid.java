package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.List;

/// Several retrievers asked, their rankings made one: words find names and rare terms, meanings find
/// paraphrases.
public final class Hybrid implements Retriever {
    /// How many documents each retriever is asked for, at least.
    public static final int DEPTH = 100;

    private final List<Retriever> retrievers;
    private final Fusion fusion;
    private final int depth;

    /// With a depth of [#DEPTH].
    public Hybrid(List<Retriever> retrievers, Fusion fusion) {
        this(retrievers, fusion, DEPTH);
    }

    /// @param depth how many documents each retriever is asked for, if k is not more: what stands further down
    ///     in each may be best in the sum
    /// @throws gradus.error.ConfigException unless depth ≥ 1
    public Hybrid(List<Retriever> retrievers, Fusion fusion, int depth) {
        require(depth >= 1, "the depth of a hybrid must be at least 1; got %d", depth);
        this.retrievers = List.copyOf(retrievers);
        this.fusion = fusion;
        this.depth = depth;
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        require(k >= 1, "k, the number of documents to find, must be at least 1; got %d", k);
        List<List<Hit>> rankings = retrievers.stream()
                .map(each -> each.search(query, Math.max(k, depth), filter))
                .toList();
        return fusion.fuse(rankings).stream().limit(k).toList();
    }
}
