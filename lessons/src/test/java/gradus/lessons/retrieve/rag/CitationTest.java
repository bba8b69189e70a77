package gradus.lessons.retrieve.rag;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Source;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CitationTest {
    private static Passage passage(String id, int start, String text) {
        return new Passage(new Document(id, text, Map.of(), new Source(id, start, start + text.length())), 1);
    }

    private static final List<Passage> PASSAGES = List.of(
            passage("a", 10, "Lions live in prides."),
            passage("b", 0, "Tigers live alone."),
            passage("c", 5, "Prides."));

    @Test
    void namedPassagesAndTheWordsInThem() {
        assertThat(Citation.of("in prides [1]", PASSAGES))
                .containsExactly(new Citation(1, new Source("a", 21, 30), true));
        assertThat(Citation.of("They are social [1][2].", PASSAGES))
                .containsExactly(
                        new Citation(1, new Source("a", 10, 31), false),
                        new Citation(2, new Source("b", 0, 18), false));
        assertThat(Citation.of("alone [7] [0] [99999999]", PASSAGES))
                .as("numbers that no passage has, then the words")
                .containsExactly(new Citation(2, new Source("b", 12, 17), true));
        assertThat(Citation.of("PRIDES", PASSAGES))
                .containsExactly(
                        new Citation(1, new Source("a", 24, 30), true), new Citation(3, new Source("c", 5, 11), true));
        assertThat(Citation.of("ride", PASSAGES)).as("no whole word").isEmpty();
        assertThat(Citation.of("", PASSAGES)).isEmpty();
        assertThat(Citation.of("x [1]", List.of())).isEmpty();
    }

    @Test
    void answersWithoutTheirMarks() {
        assertThat(Citation.without("in prides [1].")).isEqualTo("in prides.");
        assertThat(Citation.without(" a [1] b [2]")).isEqualTo("a  b");
        assertThat(Citation.without("[1]")).isEmpty();
    }

    /// A window's text is not the file's own between its parts: then the whole passage is cited.
    @Test
    void aPassageThatIsNotTheFilesText() {
        Passage window = new Passage(new Document("w", "one\ntwo", Map.of(), new Source("w", 0, 9)), 1);
        assertThat(Citation.of("two", List.of(window))).containsExactly(new Citation(1, new Source("w", 0, 9), true));
    }

    /// What is cited word for word stands at its place.
    @Property(tries = 200)
    void placesAreExact(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 3) Integer> words,
            @ForAll @IntRange(min = 0, max = 7) int from,
            @ForAll @IntRange(min = 1, max = 3) int count) {
        List<String> vocabulary = List.of("red", "Red fox", "fo", "ox");
        List<String> text = words.stream().map(vocabulary::get).toList();
        int first = from % text.size();
        String answer = String.join(" ", text.subList(first, Math.min(text.size(), first + count)));
        String whole = String.join(" ", text);
        List<Citation> citations = Citation.of(answer, List.of(passage("f", 50, whole)));
        assertThat(citations).hasSize(1);
        Source source = citations.getFirst().source();
        assertThat(whole.substring(source.start() - 50, source.end() - 50)).isEqualToIgnoringCase(answer);
    }
}
