package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.rerank.CrossEncoder;
import gradus.lessons.retrieve.rerank.MaxSim;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Reranked;
import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/// How an index is searched.
final class SearchOptions {
    private static final String MAX_SIM = "maxsim";
    private static final int RERANKED = 50;

    /// How documents are compared with the question.
    enum By {
        BM25,
        VECTORS,
        HYBRID
    }

    @Option(
            names = "--by",
            paramLabel = "<way>",
            description = "bm25: by words; vectors: by meaning; hybrid: by both; default: hybrid where the index has"
                    + " vectors, else bm25")
    private String by;

    @Option(
            names = "--rerank",
            paramLabel = "<model>",
            description = "maxsim: the best 50 are ordered by comparing token with token; or a folder of a"
                    + " cross-encoder, which gradus lab retrieve leaves")
    private String rerank;

    @Option(names = "-k", paramLabel = "<n>", description = "how many pieces; default ${DEFAULT-VALUE}")
    private int k;

    /// @param usual how many pieces, unless somebody says another number
    SearchOptions(int usual) {
        this.k = usual;
    }

    /// How many pieces.
    ///
    /// @throws UsageException if it is below 1
    int k() {
        if (k < 1) {
            throw new UsageException("-k must be at least 1; got " + k);
        }
        return k;
    }

    /// Refuses what is wrong before anything is opened.
    void check() {
        k();
        way();
        if (rerank != null && !rerank.equals(MAX_SIM) && !CrossEncoder.isIn(Path.of(rerank))) {
            throw new UsageException(
                    "--rerank must be maxsim or a folder of a cross-encoder; got " + Printable.value(rerank));
        }
    }

    private By way() {
        if (by == null) {
            return null;
        }
        for (By each : By.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(by)) {
                return each;
            }
        }
        throw new UsageException("--by must be bm25, vectors or hybrid; got " + Printable.value(by));
    }

    /// The retriever that was asked for.
    ///
    /// @param folder as messages name the index
    Retriever retriever(DocumentIndex index, Object folder) {
        return reranked(index, first(index, folder), folder);
    }

    private Retriever first(DocumentIndex index, Object folder) {
        By asked = way();
        By way = asked != null ? asked : index.hasVectors() ? By.HYBRID : By.BM25;
        if (way == By.BM25) {
            return index.bm25();
        }
        if (!index.hasVectors()) {
            throw new UsageException("--by " + by + " needs an index with vectors, and " + folder
                    + " has none; gradus rag index --embed minilm makes one");
        }
        Retriever vectors = index.vectors(SentenceEmbedder.named(index.embedding()));
        return way == By.VECTORS ? vectors : new Hybrid(List.of(index.bm25(), vectors), new ReciprocalRankFusion());
    }

    private Retriever reranked(DocumentIndex index, Retriever first, Object folder) {
        if (rerank == null) {
            return first;
        }
        if (rerank.equals(MAX_SIM) && !index.hasVectors()) {
            throw new UsageException("--rerank maxsim needs an index with vectors, and " + folder + " has none");
        }
        Reranker reranker = rerank.equals(MAX_SIM)
                ? new MaxSim(SentenceEmbedder.named(index.embedding())::tokens)
                : CrossEncoder.load(Path.of(rerank));
        return new Reranked(
                first, reranker, id -> index.document(id).orElseThrow().text(), RERANKED);
    }
}
