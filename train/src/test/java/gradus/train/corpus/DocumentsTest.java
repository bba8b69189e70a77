package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.Documents.Piece;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    private static final String DELIMITER = "<|end|>";

    @TempDir
    Path folder;

    /// Pieces of text in which the delimiter, halves of it and characters of two chars occur.
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "\n", " ", DELIMITER, "<|end", "|>", "<", "🦊", "é")
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    private static List<Piece> pieces(String text, int longest) {
        List<Piece> pieces = new ArrayList<>();
        new Documents(TextPart.of(text), DELIMITER, (rest, from) -> betweenCharacters(rest, from), longest)
                .forEach(pieces::add);
        return pieces;
    }

    private static int betweenCharacters(String text, int from) {
        return from < text.length() && Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from;
    }

    /// However short the pieces are, put together they are what splitting the whole text gives.
    @Property(tries = 200)
    void piecesMakeUpTheDocuments(@ForAll("texts") String text, @ForAll @IntRange(min = 16, max = 60) int longest) {
        makeUpTheDocuments(pieces(text, longest), text);
    }

    /// Wherever the blocks end that a text is read in, also within a delimiter, which no piece may cut.
    @Property(tries = 400)
    void t5_blocksMayEndWithinADelimiter(
            @ForAll("texts") String text,
            @ForAll @IntRange(min = 1, max = 20) int block,
            @ForAll @IntRange(min = 2, max = 40) int longest) {
        List<String> blocks = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = betweenCharacters(text, Math.min(text.length(), from + block));
            blocks.add(text.substring(from, to));
            from = to;
        }
        List<Piece> pieces = new ArrayList<>();
        new Documents(
                        new TextPart(List.of(blocks::iterator), 0, Long.MAX_VALUE),
                        DELIMITER,
                        DocumentsTest::betweenCharacters,
                        longest)
                .forEach(pieces::add);
        makeUpTheDocuments(pieces, text);
        // What is held is cut in the middle once it is long, and once no delimiter can reach into the middle; before
        // that there comes a block, which may end with a character of two chars.
        int most = Math.max(longest, longest / 2 + 1 + DELIMITER.length()) + block + 1;
        assertThat(pieces).allSatisfy(piece -> assertThat(piece.text()).hasSizeLessThanOrEqualTo(most));
    }

    private static void makeUpTheDocuments(List<Piece> pieces, String text) {
        List<String> documents = new ArrayList<>(Arrays.asList(text.split(Pattern.quote(DELIMITER), -1)));
        String last = documents.removeLast();
        StringBuilder marked = new StringBuilder();
        documents.forEach(document -> marked.append(document).append('#'));
        marked.append(last).append(last.isBlank() ? "" : "#");
        StringBuilder joined = new StringBuilder();
        for (Piece piece : pieces) {
            joined.append(piece.text()).append(piece.endsDocument() ? "#" : "");
            assertThat(piece.text().isEmpty()
                            || !Character.isLowSurrogate(piece.text().charAt(0)))
                    .isTrue();
        }
        assertThat(joined).hasToString(marked.toString());
    }

    /// Without a delimiter a file is a document, and files are joined by a line's end where they lack one.
    @Test
    void filesAreDocuments() throws Exception {
        Path one = Files.writeString(folder.resolve("1.txt"), "one");
        Path two = Files.writeString(folder.resolve("2.txt"), "two\n");
        Path three = Files.writeString(folder.resolve("3.txt"), "three");
        Corpus corpus = Corpus.load(one.toString(), two.toString(), three.toString());
        List<Piece> pieces = new ArrayList<>();
        new Documents(corpus.whole(), null, DocumentsTest::betweenCharacters).forEach(pieces::add);
        assertThat(pieces)
                .containsExactly(new Piece("one\n", true), new Piece("two\n", true), new Piece("three", true));
        // 13 chars, 11 of them to learn from: the third file is broken off, so no document ends there
        assertThat(corpus.training().text()).isEqualTo("one\ntwo\nthr");
        pieces.clear();
        new Documents(corpus.training(), null, DocumentsTest::betweenCharacters).forEach(pieces::add);
        assertThat(pieces.getLast()).isEqualTo(new Piece("thr", false));
        assertThat(corpus.validation().text()).isEqualTo("ee");
    }

    @Property(tries = 200)
    void bothPartsMakeUpTheText(@ForAll("texts") String one, @ForAll("texts") String other) throws Exception {
        Path place = Files.createTempDirectory("corpus");
        Path first = Files.writeString(place.resolve("a.txt"), one);
        Path second = Files.writeString(place.resolve("b.txt"), "\uFEFF" + other);
        Corpus corpus = Corpus.load(place + "/*.txt");
        String whole = one + (one.endsWith("\n") ? "" : "\n") + other;
        assertThat(corpus.whole().text()).isEqualTo(whole);
        int cut = betweenCharacters(whole, (int) (0.9 * whole.length()));
        assertThat(corpus.training().text()).isEqualTo(whole.substring(0, cut));
        assertThat(corpus.validation().text()).isEqualTo(whole.substring(cut));
        assertThat(corpus.files().getFirst().bytes()).isEqualTo(one.getBytes(StandardCharsets.UTF_8).length);
        Files.delete(first);
        Files.delete(second);
        Files.delete(place);
    }

    @Test
    void theTextsOfThePieces() {
        Documents documents = new Documents(TextPart.of("one" + DELIMITER + "two"), DELIMITER, (rest, from) -> from);
        assertThat(documents.texts()).containsExactly("one", "two");
        assertThat(documents.texts()).containsExactly("one", "two"); // and again
    }

    /// A file is closed when it has been read, and not when nobody holds it any more.
    @Test
    @EnabledOnOs(OS.LINUX)
    void filesThatWereReadAreClosed() throws Exception {
        Path file = Files.writeString(folder.resolve("read.txt"), "text");
        Corpus corpus = Corpus.load(file.toString());
        for (int i = 0; i < 3; i++) {
            assertThat(corpus.whole().text()).isEqualTo("text");
        }
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.filter(each -> names(each, file))).isEmpty();
        }
    }

    private static boolean names(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (IOException closed) {
            return false;
        }
    }
}
