package gradus.lessons.retrieve.search;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import java.util.List;

/// Search by meaning: the documents whose vectors have the largest cosine with the question's. Every vector is
/// compared, so the result is exact; a graph (see Lucene's, in the index) is faster and almost as exact.
///
/// `score(q, d) = q·d / (‖q‖·‖d‖)`, 0 where one is a vector of zeros
///
/// **Cost** of a search: N·C products for N documents, and the embedding of the question.
public final class ExactVectors implements Retriever {
    private final List<Document> documents;
    private final NamedEmbedder embedder;
    private final float[][] vectors; // (N, C)

    /// Embeds all documents.
    ///
    /// @throws gradus.error.ConfigException if two documents have the same id
    public ExactVectors(List<Document> documents, NamedEmbedder embedder) {
        Document.requireDifferent(documents);
        this.documents = List.copyOf(documents);
        this.embedder = embedder;
        this.vectors =
                UnitVectors.of(embedder, documents.stream().map(Document::text).toList());
    }

    @Override
    public List<Hit> search(String query, int k, Filter filter) {
        TopHits top = new TopHits(k);
        float[] wanted = UnitVectors.of(embedder, List.of(query))[0];
        for (int d = 0; d < vectors.length; d++) {
            if (filter.accepts(documents.get(d).metadata())) {
                top.offer(documents.get(d).id(), UnitVectors.cosine(wanted, vectors[d]));
            }
        }
        return top.bestFirst();
    }
}
