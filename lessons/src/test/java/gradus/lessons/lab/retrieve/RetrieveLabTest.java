package gradus.lessons.lab.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import gradus.lessons.retrieve.measure.Ndcg;
import gradus.lessons.retrieve.rerank.CrossEncoder;
import gradus.lessons.retrieve.rerank.RankingExample;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.tensor.random.Rng;
import gradus.train.contrastive.GlossExamples.Held;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetrieveLabTest {
    @TempDir
    private Path folder;

    /// From nothing to the table, with all that is small.
    @Test
    void oneCommandMakesTheTable() throws IOException {
        String[] small = {
            "retrieve",
            "--out",
            folder.toString(),
            "--preset=vectors-tiny",
            "--steps=3",
            "--rerank-steps=2",
            "--rerank-questions=8",
            "--documents=10",
            "--questions=4",
            "--depth=5"
        };
        LabRun run = LabRun.of(small);
        assertThat(run.failure()).isNull();
        assertThat(run.code()).isZero();
        assertThat(run.told())
                .contains("the encoder: ", "s of processor time", "meanings and ", "asked in way c")
                .containsPattern("cross-encoder: 2 steps on [0-9]+ questions");
        assertThat(run.printed().lines().filter(line -> line.startsWith("| a: sentence")))
                .hasSize(9);
        assertThat(run.printed())
                .contains("| nDCG@10 |", "| BM25 of Lucene |", "cross-encoder is better than without")
                .containsPattern("\\| c: word → meanings \\| BM25 \\| [01]\\.[0-9]{3} \\[[0-9., ]+\\] \\|")
                .doesNotContain("NaN");
        assertThat(folder.resolve("table.md")).content().isEqualTo(run.printed());
        assertThat(CrossEncoder.load(folder.resolve("cross-encoder")).scores("a", List.of("b", "c")))
                .hasSize(2);
        String before = Files.readString(folder.resolve("table.md"));
        LabRun again = LabRun.of(
                "retrieve",
                "--out=" + folder,
                "--encoder=" + folder.resolve("encoder"),
                "--rerank-steps=2",
                "--rerank-questions=8",
                "--documents=10",
                "--questions=4",
                "--depth=5");
        assertThat(again.code()).isZero();
        assertThat(again.printed()).as("nothing but the seed decides").isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--questions=1", "--questions=401", "--documents=-1", "--steps=0", "--depth=0"})
    void numbersOutOfRange(String option) {
        LabRun run = LabRun.of("retrieve", "--out=" + folder.resolve("none"), option);
        assertThat(run.failure()).isInstanceOf(UsageException.class).hasMessageContaining(option.split("=")[0]);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    private static Retriever constant(String... ids) {
        return (query, k, filter) -> IntStream.range(0, ids.length)
                .mapToObj(i -> new Hit(ids[i], -i))
                .limit(k)
                .toList();
    }

    private static Question word(Held held, String right) {
        return new Question(Asking.WORD, held, right, List.of(right));
    }

    @Test
    void rankingsAreMeasuredByQuestion() {
        Rankings rankings = new Rankings();
        SequencedMap<String, Retriever> ways = new LinkedHashMap<>();
        ways.put("first", constant("x", "y", "z"));
        ways.put("second", constant("z", "y", "x"));
        rankings.ask(List.of(word(Held.ALL, "x"), word(Held.TEXTS, "y")), ways, 3);
        rankings.ask(List.of(word(Held.ALL, "z")), ways, 3);
        assertThat(rankings.ways()).containsExactly("first", "second");
        assertThat(rankings.values("first", new Ndcg(10), each -> true))
                .containsExactly(new double[] {1, 1 / (Math.log(3) / Math.log(2)), 0.5}, within(1e-12));
        assertThat(rankings.values("second", new Ndcg(10), each -> each.held() == Held.ALL))
                .containsExactly(new double[] {0.5, 1}, within(1e-12));
    }

    @Test
    void aClaimHoldsOrNotOrNothingCanBeSaid() {
        Rankings rankings = new Rankings();
        SequencedMap<String, Retriever> ways = new LinkedHashMap<>();
        ways.put("right", (query, k, filter) -> List.of(new Hit(query, 1)));
        ways.put("wrong", constant("?"));
        List<Question> many =
                IntStream.range(0, 20).mapToObj(i -> word(Held.ALL, "w" + i)).toList();
        rankings.ask(many, ways, 3);
        assertThat(Claim.of("c", rankings, "right", "wrong", each -> true).row())
                .isEqualTo(String.format("| c | 1.000 | 0.000 | < 0.0002 | holds |%n"));
        assertThat(Claim.of("c", rankings, "wrong", "right", each -> true).verdict())
                .isEqualTo("does not hold: the contrary does");
        assertThat(Claim.of("c", rankings, "right", "right", each -> true).verdict())
                .isEqualTo("cannot be said");
    }

    @Test
    void minedListsHaveTheRightPassageAndOthers() {
        Retriever search = constant("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        List<Question> questions = List.of(
                new Question(Asking.WORD, Held.NONE, "q", List.of("b", "z")),
                word(Held.NONE, "c"),
                word(Held.NONE, "z"));
        List<RankingExample> mined = MinedLists.of(questions, search, id -> "text " + id, Rng.of(1));
        assertThat(mined).hasSize(3);
        assertThat(mined.getFirst().positive()).isIn("text b", "text z");
        for (RankingExample each : mined) {
            assertThat(each.wrong()).hasSize(MinedLists.WRONG).doesNotHaveDuplicates();
        }
        assertThat(mined.get(0).wrong()).doesNotContain("text b");
        assertThat(mined.get(1).wrong()).doesNotContain("text c");
        assertThat(MinedLists.of(questions, constant("a", "b"), id -> id, Rng.of(1)))
                .as("too few wrong ones")
                .isEmpty();
    }

    @Test
    void whatIsRerankedStandsInFront() {
        Retriever first = constant("a", "b", "c", "d");
        RerankedTop top = new RerankedTop(constant("b", "a"), first, 2);
        assertThat(Hit.ids(top.search("q", 3))).containsExactly("b", "a", "c");
        assertThat(Hit.ids(top.search("q", 1))).containsExactly("b");
        int[] asked = {0};
        Remembered kept = new Remembered((query, k, filter) -> {
            asked[0]++;
            return first.search(query, k);
        });
        assertThat(Hit.ids(kept.search("q", 2))).containsExactly("a", "b");
        assertThat(Hit.ids(kept.search("q", 3))).containsExactly("a", "b", "c");
        assertThat(asked[0]).isOne();
    }
}
