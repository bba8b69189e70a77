package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.query.QueryTransform;
import gradus.lessons.retrieve.query.TransformedRetriever;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.ExactVectors;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Reranked;
import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.ScoreFusion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// The ways of searching that are compared, over one collection.
final class Searches implements AutoCloseable {
    static final String BM25 = "BM25";
    static final String LUCENE = "BM25 of Lucene";
    static final String MINI_LM = "MiniLM";
    static final String TRAINED = "encoder trained here";
    static final String RRF = "hybrid of BM25, MiniLM, by ranks";
    static final String WEIGHTED = "hybrid of BM25, MiniLM, by scores 0.3, 0.7";
    static final String ALL_THREE = "hybrid of BM25, MiniLM, encoder, by ranks";

    private static final double WEIGHT_OF_WORDS = 0.3;

    private final SequencedMap<String, Retriever> ways = new LinkedHashMap<>();
    private final DocumentIndex index;
    private final UnaryOperator<String> texts;

    Searches(List<Document> documents, UnaryOperator<String> texts, NamedEmbedder miniLm, NamedEmbedder trained) {
        Analysis english = Analysis.english();
        this.texts = texts;
        this.index = DocumentIndex.inMemory(documents, english, null);
        Retriever words = put(BM25, new Bm25(documents, english));
        put(LUCENE, index.bm25());
        Retriever meanings = put(MINI_LM, new ExactVectors(documents, miniLm));
        Retriever own = put(TRAINED, new ExactVectors(documents, trained));
        put(RRF, new Hybrid(List.of(words, meanings), new ReciprocalRankFusion()));
        put(WEIGHTED, new Hybrid(List.of(words, meanings), new ScoreFusion(WEIGHT_OF_WORDS, 1 - WEIGHT_OF_WORDS)));
        put(ALL_THREE, new Hybrid(List.of(words, meanings, own), new ReciprocalRankFusion()));
    }

    private Retriever put(String name, Retriever retriever) {
        Retriever kept = new Remembered(retriever);
        ways.put(name, kept);
        return kept;
    }

    /// One more way: vectors of a further embedder.
    void vectors(String name, List<Document> documents, NamedEmbedder embedder) {
        put(name, new ExactVectors(documents, embedder));
    }

    /// One more way: the best of another, ordered anew.
    ///
    /// @param depth how many
    void reranked(String name, String of, Reranker reranker, int depth) {
        put(name, new RerankedTop(new Reranked(ways.get(of), reranker, texts, depth), ways.get(of), depth));
    }

    /// One more way: another, asked for what is made of the question.
    void rewritten(String name, String of, QueryTransform rewriting) {
        put(name, new TransformedRetriever(ways.get(of), rewriting, new ReciprocalRankFusion()));
    }

    /// By name.
    SequencedMap<String, Retriever> ways() {
        return ways;
    }

    @Override
    public void close() {
        index.close();
    }
}
