package gradus.bench.retrieve;

import gradus.error.UsageException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25;
import gradus.lessons.retrieve.search.ExactVectors;
import gradus.lessons.retrieve.search.Hybrid;
import gradus.lessons.retrieve.search.ReciprocalRankFusion;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.tensor.kernel.vector.Parallel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What it costs to embed, index and search short texts.
@Command(
        name = "retrieve",
        mixinStandardHelpOptions = true,
        description = {
            "Times embedding, indexing and searching of short texts, and our BM25 beside",
            "Lucene's; says which share of the nearest ten the graph of vectors finds."
        })
public final class RetrieveCommand implements Callable<Integer> {
    private static final int K = 10;

    /// Indexing may add a fifth to the time of embedding.
    private static final double MOST_INDEXING = 1.2;

    /// Our BM25 is there to be read; it may take so many times Lucene's time.
    private static final double MOST_BM25 = 5;

    private static final double LEAST_RECALL = 0.99;

    @Parameters(
            arity = "0..1",
            paramLabel = "<texts>",
            description = "wordnet (its 117,791 glosses), or a file with a text in each line; default: drawn words")
    private String source;

    @Option(
            names = "--limit",
            description = "so many texts, evenly spread; default: all of wordnet or the file, 10,000 drawn ones")
    private int limit;

    @Option(names = "--questions", description = "how many are asked; default: ${DEFAULT-VALUE}")
    private int count = 1000;

    @Option(names = "--threads", split = ",", description = "how many ask at the same time; default: ${DEFAULT-VALUE}")
    private List<Integer> threads = List.of(1, 4, 16);

    @Option(names = "--rounds", description = "of BM25 beside Lucene's, in turns; default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(
            names = "--embed",
            description = "minilm, a folder of sentence-transformers, or a run of gradus train --task contrastive;"
                    + " default: ${DEFAULT-VALUE}")
    private String embed = SentenceEmbedder.MINI_LM;

    @Option(
            names = "--vectors",
            paramLabel = "<file>",
            description = "keeps the vectors of the texts in this file, or takes them from it if it is there")
    private Path file;

    @Option(names = "--compact", description = "makes one segment of the index before it is searched")
    private boolean compact;

    private final PrintStream out;

    /// Prints to the standard output.
    public RetrieveCommand() {
        this(System.out);
    }

    RetrieveCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (limit < 0 || count < 1 || rounds < 1 || threads.stream().anyMatch(each -> each < 1)) {
            throw new UsageException("--limit must be at least 0, --questions, --rounds and --threads at least 1;"
                    + " got %s, %s, %s and %s".formatted(limit, count, rounds, threads));
        }
        Collection collection = Collection.of(source, limit);
        List<String> questions = collection.questions(count);
        NamedEmbedder embedder = SentenceEmbedder.named(embed);
        out.printf(
                "%,d texts: %s; %,d questions; %d cores%n",
                collection.documents().size(), collection.name(), count, Parallel.THREADS);
        KeptVectors vectors = vectors(embedder, collection);
        vectors.add(embedder, questions);
        Path folder = Files.createTempDirectory("gradus");
        try {
            index(collection, vectors, folder);
            Analysis english = Analysis.english();
            long start = System.nanoTime();
            Bm25 own = new Bm25(collection.documents(), english);
            perSecond("indexed by words alone, our BM25, in memory", collection, (System.nanoTime() - start) * 1e-9);
            try (DocumentIndex index = DocumentIndex.open(folder.resolve("both"))) {
                search(own, new ExactVectors(collection.documents(), vectors), index, embedder, vectors, questions);
            }
        } finally {
            delete(folder);
        }
        return 0;
    }

    private KeptVectors vectors(NamedEmbedder embedder, Collection collection) {
        boolean there = file != null && Files.exists(file);
        KeptVectors vectors = there
                ? KeptVectors.load(file, embedder.name(), collection.texts())
                : KeptVectors.of(embedder, collection.texts());
        perSecond("embedded by " + embed + (there ? ", when the file was made" : ""), collection, vectors.seconds());
        if (file != null && !there) {
            vectors.save(file);
        }
        return vectors;
    }

    private void index(Collection collection, KeptVectors vectors, Path folder) {
        Analysis english = Analysis.english();
        Indexing both = Indexing.of(collection.documents(), folder.resolve("both"), english, vectors, compact);
        perSecond("indexed by words and vectors", collection, both.seconds());
        double together = vectors.seconds() + both.seconds();
        perSecond("embedded and indexed", collection, together);
        bound("embedding and indexing / embedding", together / vectors.seconds(), "at most", MOST_INDEXING);
        if (compact) {
            perSecond("one segment made of the index", collection, both.compacting());
        }
        Indexing words = Indexing.of(collection.documents(), folder.resolve("words"), english, null, false);
        perSecond("indexed by words alone, Lucene, in a folder", collection, words.seconds());
    }

    private void search(
            Retriever own,
            Retriever exact,
            DocumentIndex index,
            NamedEmbedder embedder,
            KeptVectors vectors,
            List<String> questions)
            throws InterruptedException {
        Retriever lucene = index.bm25();
        Retriever graph = index.vectors(vectors);
        SequencedMap<String, Consumer<String>> ways = new LinkedHashMap<>();
        ways.put("BM25, ours", question -> own.search(question, K));
        ways.put("BM25, Lucene's", question -> lucene.search(question, K));
        ways.put("vectors, exact", question -> exact.search(question, K));
        ways.put("vectors, Lucene's graph", question -> graph.search(question, K));
        Retriever hybrid = new Hybrid(List.of(lucene, graph), new ReciprocalRankFusion());
        ways.put("hybrid of Lucene's two", question -> hybrid.search(question, K));
        ways.put("(embedding the question)", question -> embedder.embed(List.of(question)));

        out.printf("%n%-28s %8s %10s %10s %12s%n", "the best 10, ms", "threads", "p50", "p99", "questions/s");
        for (var way : ways.entrySet()) {
            Latencies.of(1, questions, way.getValue()); // to warm up
            for (int many : threads) {
                Latencies took = Latencies.of(many, questions, way.getValue());
                out.printf(
                        "%-28s %8d %10.3f %10.3f %,12.0f%n",
                        way.getKey(), many, took.percentile(50), took.percentile(99), took.perSecond());
            }
        }
        out.println();
        bound("our BM25 / Lucene's, 1 thread", ratio(own, lucene, questions), "at most", MOST_BM25);
        bound("recall@10 of Lucene's graph", Found.recall(exact, graph, questions, K), "at least", LEAST_RECALL);
    }

    /// The median over rounds, in each of which both answer all questions.
    private double ratio(Retriever own, Retriever lucene, List<String> questions) throws InterruptedException {
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            double mine = Latencies.of(1, questions, question -> own.search(question, K))
                    .total();
            double theirs = Latencies.of(1, questions, question -> lucene.search(question, K))
                    .total();
            ratios[round] = mine / theirs;
        }
        Arrays.sort(ratios);
        return (ratios[(rounds - 1) / 2] + ratios[rounds / 2]) / 2;
    }

    private void perSecond(String what, Collection collection, double seconds) {
        out.printf(
                "%-52s %9.2f s %,12.0f texts/s%n",
                what, seconds, collection.documents().size() / seconds);
    }

    private void bound(String what, double value, String side, double asked) {
        out.printf("%-52s %9.3f   (asked: %s %s)%n", what, value, side, asked);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
