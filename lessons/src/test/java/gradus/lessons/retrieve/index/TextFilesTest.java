package gradus.lessons.retrieve.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.retrieve.search.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFilesTest {
    @TempDir
    Path temporary;

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "bc", "def ", " ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", "\uD83D\uDC31", "。")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    /// No character but white space is lost, none stands in two pieces, no piece is too long or begins or ends
    /// with white space, and no character is cut in two.
    @Property(tries = 500)
    void piecesHoldTheText(@ForAll("texts") String text, @ForAll @IntRange(min = 2, max = 20) int size) {
        int end = 0;
        for (Splitter.Span span : new Paragraphs(size).split(text)) {
            assertThat(text.substring(end, span.start())).isBlank();
            String piece = text.substring(span.start(), span.end());
            assertThat(piece).isNotBlank().isEqualTo(piece.strip()).hasSizeLessThanOrEqualTo(size);
            assertThat(Character.isLowSurrogate(piece.charAt(0))).isFalse();
            end = span.end();
        }
        assertThat(text.substring(end)).isBlank();
    }

    @Test
    void paragraphsAreJoinedAsLongAsTheyFit() {
        String text = "one\n\ntwo\n \nthree four\r\n\r\nfive";
        assertThat(TextFiles.documents("f", text, new Paragraphs(8)).stream().map(Document::text))
                .containsExactly("one\n\ntwo", "three", "four", "five");
        assertThat(TextFiles.documents("f", text, new Paragraphs(100))).hasSize(1);
        Document second = TextFiles.documents("f", text, new Paragraphs(8)).get(1);
        assertThat(second.id()).isEqualTo("f#2");
        assertThat(text.substring(second.source().start(), second.source().end()))
                .isEqualTo("three");
        assertThatThrownBy(() -> new Paragraphs(1)).isInstanceOf(ConfigException.class);
    }

    /// A line of 10 million characters, with and without spaces.
    @Test
    void oneGiantLine() {
        for (String word : List.of("word ", "words", "     ")) {
            String text = word.repeat(2_000_000);
            long start = System.nanoTime();
            List<Splitter.Span> pieces = new Paragraphs(1000).split(text);
            assertThat(pieces).hasSize(word.isBlank() ? 0 : 10_000);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aByteOrderMarkIsLeftOut() throws Exception {
        Path file = Files.write(temporary.resolve("bom.txt"), "\uFEFFGröße".getBytes(StandardCharsets.UTF_8));
        assertThat(TextFiles.read(file)).isEqualTo("Größe");
        assertThat(TextFiles.read(Files.write(file, new byte[0]))).isEmpty();
    }

    @Test
    void whatIsNoText() throws Exception {
        Path file = temporary.resolve("file");
        Files.write(file, new byte[] {'a', 'b', 0, 'c'});
        assertThatThrownBy(() -> TextFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is binary, no text: byte 2 is 0");
        Files.write(file, new byte[] {'a', (byte) 0xC3, 'b'});
        assertThatThrownBy(() -> TextFiles.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + " is no text in UTF-8: byte 1 is at fault");
        assertThatThrownBy(() -> TextFiles.read(temporary))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary + " is a folder, not a text file");
        assertThatThrownBy(() -> TextFiles.read(temporary.resolve("none")))
                .isInstanceOf(DataException.class)
                .hasMessage(temporary.resolve("none") + " cannot be read: there is no such file or folder");
        assertThatThrownBy(() -> TextFiles.below(temporary.resolve("none"))).isInstanceOf(DataException.class);
    }

    @Test
    void filesBelowAFolder() throws Exception {
        Files.createDirectories(temporary.resolve("b/c"));
        Files.createDirectories(temporary.resolve(".git"));
        for (String name : List.of("z.txt", "b/c/a.md", ".git/config", "b/.hidden")) {
            Files.writeString(temporary.resolve(name), "x");
        }
        assertThat(TextFiles.below(temporary))
                .containsExactly(temporary.resolve("b/c/a.md"), temporary.resolve("z.txt"));
    }

    @Test
    void wordNet() {
        List<Document> glosses = Glosses.all();
        assertThat(glosses).hasSize(117_791);
        assertThat(glosses).anySatisfy(gloss -> {
            assertThat(gloss.text()).startsWith("dog, domestic dog, Canis familiaris: a member of the genus Canis");
            assertThat(gloss.metadata()).containsEntry("pos", "n");
        });
    }
}
