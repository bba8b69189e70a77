package gradus.lessons.retrieve.refine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.extract.Extracted;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Source;
import gradus.lessons.retrieve.search.WordVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefinementsTest {
    private static final String TEXT = "Tigers swim. Lions roar. Cats sleep. Dogs bark. Hens lay.";
    private static final List<Document> SENTENCES = Extracted.plain(TEXT).documents("f", ChunkSize.of(13));

    private static Optional<Document> sentence(String id) {
        return SENTENCES.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private static Passage passage(Document document, double score) {
        return new Passage(document, score);
    }

    private static Passage whole() {
        return passage(new Document("f#1", TEXT, Map.of(), new Source("f", 100, 100 + TEXT.length())), 1);
    }

    private static List<String> texts(List<Passage> passages) {
        return passages.stream().map(Passage::text).toList();
    }

    /// Rank r has place (r − 1)/2 from the front if r is odd, r/2 − 1 from the back if it is even.
    @Property(tries = 200)
    void theWorstAreInTheMiddle(@ForAll @IntRange(min = 0, max = 30) int count) {
        List<Passage> ranked = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            ranked.add(passage(Document.of("d" + i, "text"), -i));
        }
        List<Passage> order = new EndsFirst().refine("q", ranked);
        assertThat(order).hasSize(count).containsAll(ranked);
        for (int rank = 1; rank <= count; rank++) {
            int place = rank % 2 == 1 ? (rank - 1) / 2 : count - rank / 2;
            assertThat(order.get(place)).isEqualTo(ranked.get(rank - 1));
        }
    }

    @Test
    void parentsTakeThePlaceOfTheirBestPart() {
        Document first = new Document("p1", TEXT.substring(0, 36), Map.of(), new Source("f", 0, 36));
        Document second = new Document("p2", TEXT.substring(37), Map.of(), new Source("f", 37, TEXT.length()));
        Document all = new Document("all", TEXT, Map.of(), new Source("f", 0, TEXT.length()));
        ParentDocument parents = new ParentDocument(List.of(all, second, first));
        Document stranger = Document.of("elsewhere", "x");
        List<Passage> refined = parents.refine(
                "q",
                List.of(
                        passage(SENTENCES.get(4), 5),
                        passage(SENTENCES.get(0), 4),
                        passage(stranger, 3),
                        passage(SENTENCES.get(3), 2),
                        passage(SENTENCES.get(1), 1)));
        assertThat(refined).containsExactly(passage(second, 5), passage(first, 4), passage(stranger, 3));
        assertThatThrownBy(() -> new ParentDocument(List.of(all, all))).isInstanceOf(ConfigException.class);
    }

    @Test
    void aWindowHasItsNeighbours() {
        SentenceWindow window = new SentenceWindow(RefinementsTest::sentence, 1);
        List<Passage> refined = window.refine("q", List.of(passage(SENTENCES.get(2), 3)));
        assertThat(texts(refined)).containsExactly("Lions roar.\nCats sleep.\nDogs bark.");
        Source source = refined.getFirst().source();
        assertThat(TEXT.substring(source.start(), source.end())).isEqualTo("Lions roar. Cats sleep. Dogs bark.");
        assertThat(refined.getFirst().document().id()).isEqualTo("f#2-4");
        assertThat(texts(window.refine("q", List.of(passage(SENTENCES.get(0), 3)))))
                .containsExactly("Tigers swim.\nLions roar.");
        Passage stranger = passage(Document.of("n0123", "x"), 1);
        assertThat(window.refine("q", List.of(stranger))).containsExactly(stranger);
        assertThatThrownBy(() -> new SentenceWindow(RefinementsTest::sentence, -1))
                .isInstanceOf(ConfigException.class);
    }

    /// A window as wide as there are numbers ends where the file does, and a passage that the index does not
    /// know stays as it is.
    @Test
    @Timeout(20)
    void windowsWiderThanFilesAndPassagesThatAreGone() {
        SentenceWindow all = new SentenceWindow(RefinementsTest::sentence, Integer.MAX_VALUE);
        assertThat(texts(all.refine("q", List.of(passage(SENTENCES.get(3), 2), passage(SENTENCES.get(0), 1)))))
                .containsExactly("Tigers swim.\nLions roar.\nCats sleep.\nDogs bark.\nHens lay.");
        Passage gone = passage(Document.of("other#7", "x"), 1);
        assertThat(all.refine("q", List.of(gone))).containsExactly(gone);
        assertThat(new SentenceWindow(RefinementsTest::sentence, 0).refine("q", List.of(gone)))
                .containsExactly(gone);
    }

    /// No sentence twice, none lost that is in a window, and the best first.
    @Property(tries = 200)
    void windowsThatTouchAreOne(
            @ForAll @Size(min = 1, max = 5) Set<@IntRange(min = 0, max = 4) Integer> found,
            @ForAll @IntRange(min = 0, max = 2) int width) {
        List<Integer> order = List.copyOf(found);
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            passages.add(passage(SENTENCES.get(order.get(i)), 10 - i));
        }
        List<Passage> refined = new SentenceWindow(RefinementsTest::sentence, width).refine("q", passages);
        TreeSet<Integer> expected = new TreeSet<>();
        for (int place : order) {
            for (int i = Math.max(0, place - width); i <= Math.min(4, place + width); i++) {
                expected.add(i);
            }
        }
        List<String> lines = texts(refined).stream().flatMap(String::lines).toList();
        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(i -> SENTENCES.get(i).text()).toList());
        assertThat(refined.getFirst().text())
                .contains(SENTENCES.get(order.getFirst()).text());
        assertThat(refined.stream().map(Passage::score)).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2|Lions roar.",
                "2, 3|Lions roar. Cats sleep.",
                "1,3;5.|Tigers swim./Cats sleep./Hens lay.",
                "5 4|Dogs bark. Hens lay.",
                "none|''",
                "None.|''",
                "1, 9|" + TEXT,
                "0|" + TEXT,
                "the second|" + TEXT,
                "''|" + TEXT,
                "1 2 3 4 5|" + TEXT
            })
    void aModelNamesWhatHelps(String answer, String expected) {
        ScriptedModel model = ScriptedModel.inOrder(answer);
        List<Passage> refined = new ModelCompression(model).refine("Who roars?", List.of(whole()));
        assertThat(String.join("/", texts(refined))).isEqualTo(expected);
        assertThat(model.prompts().getFirst())
                .contains("1: Tigers swim.\n2: Lions roar.\n")
                .endsWith("\nQuestion: Who roars?\nNumbers:\n");
        for (Passage part : refined) {
            assertThat(TEXT.substring(part.source().start() - 100, part.source().end() - 100))
                    .isEqualTo(part.text());
        }
        assertThat(refined.stream().map(each -> each.document().id())).doesNotHaveDuplicates();
    }

    @Test
    void sentencesUnlikeTheQuestionGo() {
        WordVectors vectors = new WordVectors(64);
        List<Passage> refined =
                new SimilarSentences(vectors, 0.5).refine("lions roar", List.of(whole(), passage(SENTENCES.get(4), 0)));
        assertThat(texts(refined)).containsExactly("Lions roar.");
        assertThat(refined.getFirst().source()).isEqualTo(new Source("f", 113, 124));
        assertThat(new SimilarSentences(vectors, -1).refine("x", List.of(whole())))
                .containsExactly(whole());
        for (double wrong : new double[] {-1.01, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> new SimilarSentences(vectors, wrong)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void oneAfterTheOther() {
        Refinement first = new ModelCompression(ScriptedModel.inOrder("1,3,5"));
        assertThat(texts(first.then(new EndsFirst()).refine("q", List.of(whole()))))
                .containsExactly("Tigers swim.", "Hens lay.", "Cats sleep.");
        assertThat(Refinement.none().refine("q", List.of(whole()))).containsExactly(whole());
    }
}
