package gradus.lessons.retrieve.cli;

import gradus.error.Printable;
import gradus.error.UsageException;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.rerank.CrossEncoder;
import gradus.lessons.retrieve.rerank.MaxSim;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Reranked;
import gradus.lessons.retrieve.search.Reranker;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gradus rag search`
@Command(
        name = "search",
        description = "Finds the pieces of an index that a question is about, best first.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus rag search \"large cats with stripes\" --index my-index",
            "  gradus rag search \"large cats\" --index my-index --by vectors -k 3 --show-context"
        })
final class RagSearchCommand implements Callable<Integer> {
    private static final String MAX_SIM = "maxsim";
    private static final int RERANKED = 50;

    /// How documents are compared with the question.
    enum By {
        BM25,
        VECTORS,
        HYBRID
    }

    @Parameters(arity = "1", paramLabel = "<question>", description = "what is looked for")
    private String question;

    @Option(names = "--index", required = true, paramLabel = "<folder>", description = "where the index is kept")
    private Path folder;

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

    @Option(names = "-k", paramLabel = "<n>", description = "how many pieces; default 5")
    private int k = 5;

    @Option(names = "--show-context", description = "prints the pieces in full")
    private boolean showContext;

    private final Console console;

    RagSearchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (k < 1) {
            throw new UsageException("-k must be at least 1; got " + k);
        }
        By way = by == null ? null : way(by);
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            Retriever retriever = reranked(index, retriever(index, way));
            int rank = 1;
            for (Hit hit : retriever.search(question, k)) {
                print(rank++, hit, index.document(hit.id()).orElseThrow());
            }
            if (rank == 1) {
                console.err().println("nothing was found");
            }
        }
        return 0;
    }

    private static By way(String name) {
        for (By each : By.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
                return each;
            }
        }
        throw new UsageException("--by must be bm25, vectors or hybrid; got " + Printable.value(name));
    }

    private Retriever retriever(DocumentIndex index, By asked) {
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

    private Retriever reranked(DocumentIndex index, Retriever first) {
        if (rerank == null) {
            return first;
        }
        if (!rerank.equals(MAX_SIM) && !CrossEncoder.isIn(Path.of(rerank))) {
            throw new UsageException(
                    "--rerank must be maxsim or a folder of a cross-encoder; got " + Printable.value(rerank));
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

    private void print(int rank, Hit hit, Document document) {
        console.out()
                .println("%s. %s  %s, characters %s to %s"
                        .formatted(
                                rank,
                                String.format(Locale.ROOT, "%.4f", hit.score()),
                                Printable.escaped(document.source().path()),
                                document.source().start(),
                                document.source().end()));
        if (showContext) {
            document.text().lines().forEach(line -> console.out().println("   | " + Printable.escaped(line)));
        } else {
            console.out().println("   " + Printable.value(document.text().replaceAll("\\s+", " ")));
        }
    }
}
