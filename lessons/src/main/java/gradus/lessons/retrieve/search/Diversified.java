package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import java.util.List;
import java.util.function.UnaryOperator;

/// Another retriever's documents, ordered by [Mmr] so that the first k do not say the same.
///
/// A hit's score is the value of the criterion when it was chosen; a later one can have a higher value where
/// cosines are negative.
public final class Diversified implements Retriever {
    private final Retriever first;
    private final Mmr mmr;
    private final NamedEmbedder embedder;
    private final UnaryOperator<String> texts;
    private final int depth;

    /// @param texts the text of the document of an id
    /// @param depth how many documents are chosen from, if k is not more
    /// @throws gradus.error.ConfigException unless depth ≥ 1
    public Diversified(Retriever first, Mmr mmr, NamedEmbedder embedder, UnaryOperator<String> texts, int depth) {
        require(depth >= 1, "the depth must be at least 1; got %d", depth);
        this.first = first;
        this.mmr = mmr;
        this.embedder = embedder;
        this.texts = texts;
        this.depth = depth;
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        List<Hit> candidates = first.search(query, k < 1 ? k : Math.max(k, depth), filter);
        float[] wanted = UnitVectors.of(embedder, List.of(query))[0];
        float[][] vectors = UnitVectors.of(
                embedder, candidates.stream().map(hit -> texts.apply(hit.id())).toList());
        return mmr.choose(wanted, vectors, k).stream()
                .map(choice -> new Hit(candidates.get(choice.place()).id(), choice.value()))
                .toList();
    }
}
