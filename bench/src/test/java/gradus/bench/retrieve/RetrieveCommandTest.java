package gradus.bench.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.tensor.random.Rng;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The arithmetic of the command, and that it runs; nothing is asked of times.
class RetrieveCommandTest {
    @TempDir
    Path temporary;

    private Locale before;

    /// As the program does.
    @BeforeEach
    void oneLocale() {
        before = Locale.getDefault();
        Locale.setDefault(Locale.ROOT);
    }

    @AfterEach
    void theOldLocale() {
        Locale.setDefault(before);
    }

    private record Said(int code, String out, Exception failure) {}

    private static Said run(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Exception[] failure = new Exception[1];
        int code = new CommandLine(new RetrieveCommand(new PrintStream(out, true, StandardCharsets.UTF_8)))
                .setExecutionExceptionHandler((thrown, line, parsed) -> {
                    failure[0] = thrown;
                    return 1;
                })
                .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), failure[0]);
    }

    /// A hundred questions that took 1, 2, …, 100 ms, in no order: p50 is 50 and p99 is 99. By hand for few.
    @Test
    void percentilesAreNearestRanks() {
        double[] hundred =
                IntStream.rangeClosed(1, 100).mapToDouble(i -> i * 37 % 101).toArray();
        Latencies took = new Latencies(hundred, 0.5);
        assertThat(took.percentile(50)).isEqualTo(50);
        assertThat(took.percentile(99)).isEqualTo(99);
        assertThat(took.percentile(99.5)).isEqualTo(100);
        assertThat(took.percentile(100)).isEqualTo(100);
        assertThat(took.percentile(0.1)).isEqualTo(1);
        assertThat(took.total()).isEqualTo(5050);
        assertThat(took.perSecond()).isEqualTo(200);
        Latencies three = new Latencies(new double[] {9, 1, 5}, 1);
        assertThat(three.percentile(33)).isEqualTo(1);
        assertThat(three.percentile(34)).isEqualTo(5);
        assertThat(three.percentile(50)).isEqualTo(5);
        assertThat(three.percentile(67)).isEqualTo(9);
        for (double wrong : new double[] {0, -1, 100.1, Double.NaN}) {
            assertThatThrownBy(() -> three.percentile(wrong)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> new Latencies(new double[0], 1)).isInstanceOf(ConfigException.class);
    }

    @Test
    void everyQuestionIsAskedOnceByAnyNumberOfThreads() throws Exception {
        List<String> questions =
                IntStream.range(0, 100).mapToObj(Integer::toString).toList();
        for (int threads : new int[] {1, 4, 16, 200}) {
            ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
            Set<Thread> by = java.util.concurrent.ConcurrentHashMap.newKeySet();
            Latencies took = Latencies.of(threads, questions, question -> {
                asked.add(question);
                by.add(Thread.currentThread());
            });
            assertThat(asked).containsExactlyInAnyOrderElementsOf(questions);
            assertThat(by).hasSizeLessThanOrEqualTo(threads).doesNotContain(Thread.currentThread());
            assertThat(took.millis()).hasSize(100).isSorted();
        }
        assertThatThrownBy(() -> Latencies.of(3, questions, question -> {
                    throw new DataException("no " + question);
                }))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("no ");
    }

    /// Of the exact four, the other search has two for one question, and all for the second.
    @Test
    void recallIsTheShareThatIsFoundToo() {
        Retriever exact = answers(Map.of("a", List.of("1", "2", "3", "4"), "b", List.of("5", "6", "7", "8")));
        Retriever other = answers(Map.of("a", List.of("4", "9", "1", "0"), "b", List.of("8", "7", "6", "5")));
        assertThat(Found.recall(exact, other, List.of("a", "b"), 4)).isEqualTo(0.75);
        assertThat(Found.recall(exact, exact, List.of("a", "b"), 4)).isEqualTo(1);
        assertThat(Found.recall(exact, other, List.of("a"), 2)).isEqualTo(0);
    }

    private static Retriever answers(Map<String, List<String>> rankings) {
        return (query, k, filter) ->
                rankings.get(query).stream().limit(k).map(id -> new Hit(id, 1)).toList();
    }

    /// 100,000 draws of 50 words: the r-th comes (1/r) / H₅₀ of the time, to within 5 standard deviations.
    @Test
    void wordsComeAsZipfSays() {
        Zipf zipf = new Zipf(50);
        Rng rng = Rng.of(8);
        int draws = 100_000;
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < draws; i++) {
            counts.merge(zipf.word(rng.uniform(i)), 1, Integer::sum);
        }
        double harmonic = IntStream.rangeClosed(1, 50).mapToDouble(r -> 1.0 / r).sum();
        double sum = 0;
        for (int r = 1; r <= 50; r++) {
            double p = 1 / (r * harmonic);
            String word = zipf.word(sum + p / 2); // the middle of its part of [0, 1)
            sum += p;
            assertThat(counts.get(word) / (double) draws)
                    .as("word %s", r)
                    .isCloseTo(p, within(5 * Math.sqrt(p * (1 - p) / draws)));
        }
        assertThat(counts).hasSize(50);
        Zipf large = new Zipf(20_000);
        Set<String> words = new HashSet<>();
        for (int i = 0; i < 4_000_000; i++) {
            words.add(large.word(i / 4_000_000.0));
        }
        assertThat(words).hasSize(20_000);
    }

    @Test
    void aQuestionIsWordsInARow() throws Exception {
        Path file = Files.writeString(temporary.resolve("texts.txt"), "a b c d e f g\n\n  h i\n");
        Collection collection = Collection.of(file.toString(), 0);
        assertThat(collection.documents()).extracting(each -> each.id()).containsExactly("1", "3");
        assertThat(new HashSet<>(collection.questions(200)))
                .containsExactlyInAnyOrder("a b c d e", "b c d e f", "c d e f g", "h i");
        assertThat(Collection.of(file.toString(), 1).documents()).hasSize(1);
    }

    @Test
    void allFiguresOfASlice() {
        Path vectors = temporary.resolve("vectors.safetensors");
        Object[] arguments = {
            "wordnet", "--limit", 60, "--questions", 20, "--threads", "1,3", "--rounds", 2, "--vectors", vectors
        };
        Said said = run(arguments);
        assertThat(said.failure()).isNull();
        assertThat(said.out())
                .startsWith("60 texts: wordnet; 20 questions; ")
                .containsPattern("\nembedded by minilm +\\d+\\.\\d\\d s ")
                .containsPattern("\nembedding and indexing / embedding +\\d+\\.\\d{3}   \\(asked: at most 1\\.2\\)")
                .containsPattern("\nindexed by words alone, Lucene, in a folder +\\d+\\.\\d\\d s +[\\d,]+ texts/s")
                .containsPattern("\nour BM25 / Lucene's, 1 thread +\\d+\\.\\d{3}   \\(asked: at most 5\\.0\\)")
                .containsPattern("\nrecall@10 of Lucene's graph +1\\.000   \\(asked: at least 0\\.99\\)"); // of 60
        for (String way : List.of(
                "BM25, ours",
                "BM25, Lucene's",
                "vectors, exact",
                "vectors, Lucene's graph",
                "hybrid of Lucene's two")) {
            for (int threads : new int[] {1, 3}) {
                assertThat(said.out())
                        .containsPattern("\n" + way + " +" + threads + " +\\d+\\.\\d{3} +\\d+\\.\\d{3} +[\\d,]+\n");
            }
        }
        assertThat(vectors).isNotEmptyFile();
        Said again = run(arguments);
        assertThat(again.failure()).isNull();
        assertThat(again.out()).contains("\nembedded by minilm, when the file was made ");
        assertThat(run("wordnet", "--limit", 61, "--vectors", vectors).failure())
                .isInstanceOf(DataException.class)
                .hasMessage(vectors + " has vectors of other texts or of another embedder; name another file");
    }

    @Test
    void mistakesAreNamed() {
        for (String option : List.of("--questions", "--rounds", "--threads")) {
            assertThat(run(option, 0).failure()).as(option).hasMessageContaining("at least 1; got ");
        }
        assertThat(run("--limit", -1).failure()).hasMessageContaining("--limit must be at least 0");
        assertThat(run(temporary.resolve("none.txt")).failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("none.txt");
    }
}
