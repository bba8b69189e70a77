package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SentencesTest {
    private static List<String> of(String text) {
        return Sentences.of(text).stream()
                .map(each -> text.substring(each.start(), each.end()))
                .toList();
    }

    @Test
    void byHand() {
        assertThat(of("One. Two? Three!\n\nFour")).containsExactly("One.", "Two?", "Three!", "Four");
        assertThat(of("Pi is 3.14 or so... Yes.")).containsExactly("Pi is 3.14 or so...", "Yes.");
        assertThat(of("See e.g. this.")).containsExactly("See e.g.", "this.");
        assertThat(of("你好。你是谁？！我很好。")).containsExactly("你好。", "你是谁？！", "我很好。");
        assertThat(of("他说：「你好。」我走了。")).containsExactly("他说：「你好。」", "我走了。");
        assertThat(of("中文。 And English. 好！")).containsExactly("中文。", "And English.", "好！");
        assertThat(of("“No.” she said. 」x")).containsExactly("“No.” she said.", "」x");
        assertThat(of("a.\u00a0b.\u0085c")).containsExactly("a.", "b.", "c");
        assertThat(of(" \r\n")).isEmpty();
        assertThat(of("...")).containsExactly("...");
    }

    @Provide
    Arbitrary<String> western() {
        return Arbitraries.strings().withChars("ab.?! \n\t").ofMaxLength(40);
    }

    /// As the pattern cuts, which Java's own regular expressions say.
    @Property(tries = 400)
    void asThePattern(@ForAll("western") String text) {
        List<String> expected = Arrays.stream(text.strip().split("(?<=[.?!])\\s+"))
                .filter(each -> !each.isEmpty())
                .toList();
        assertThat(of(text)).isEqualTo(expected);
    }

    @Test
    void packed() {
        String text = "One two. Three. Four five six. Seven.";
        assertThat(new SentenceChunker(ChunkSize.of(15)).chunk(text))
                .extracting(Chunk::text)
                .containsExactly("One two. Three.", "Four five six.", "Seven.");
        assertThat(new SentenceChunker(ChunkSize.of(22).withOverlap(6)).chunk(text))
                .extracting(Chunk::text)
                .containsExactly("One two. Three.", "Three. Four five six.", "Four five six. Seven.".substring(15));
        assertThat(new SentenceChunker(ChunkSize.of(4)).chunk(text)).hasSize(4);
    }
}
