package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceFrequencyTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FixedSizeChunkerTest {
    private static List<String> texts(Chunker chunker, String document) {
        return chunker.chunk(document).stream().map(Chunk::text).toList();
    }

    private static List<String> fixed(String document, int size, int overlap) {
        return texts(new FixedSizeChunker(ChunkSize.of(size).withOverlap(overlap)), document);
    }

    @Test
    void byHand() {
        assertThat(fixed("abcdefghij", 4, 2)).containsExactly("abcd", "cdef", "efgh", "ghij");
        assertThat(fixed("abcdefghij", 4, 1)).containsExactly("abcd", "defg", "ghij");
        assertThat(fixed("abcdefghij", 5, 0)).containsExactly("abcde", "fghij");
        assertThat(fixed("abcdefghijk", 4, 0)).containsExactly("abcd", "efgh", "ijk");
        assertThat(fixed("abc", 9, 8)).containsExactly("abc");
        assertThat(fixed("😀😁😂", 2, 1)).containsExactly("😀😁", "😁😂");
    }

    /// The windows [k(n − o), k(n − o) + n), up to the first that reaches the end.
    @Property(tries = 300)
    void windows(
            @ForAll @IntRange(min = 1, max = 80) int letters,
            @ForAll @IntRange(min = 1, max = 30) int size,
            @ForAll @IntRange(min = 0, max = 29) int overlap) {
        int o = Math.min(overlap, size - 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < letters; i++) {
            text.appendCodePoint(i % 5 == 0 ? 0x1F600 + i : 'a' + i % 26);
        }
        int[] points = text.codePoints().toArray();
        List<String> windows = new ArrayList<>();
        for (int k = 0; ; k++) {
            int from = k * (size - o);
            int to = Math.min(from + size, letters);
            windows.add(new String(points, from, to - from));
            if (to == letters) {
                break;
            }
        }
        assertThat(fixed(text.toString(), size, o)).isEqualTo(windows);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,size must be at least 1",
        "-3,0,size must",
        "5,-1,overlap must not be negative",
        "5,5,never ends",
        "5,6,overlap 6 and size 5"
    })
    void refusedBeforeAnyLoop(int size, int overlap, String why) {
        assertThatThrownBy(() -> new ChunkSize(size, overlap, Length.CHARACTERS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aMillionCharactersWithoutASpace() {
        String text = "x".repeat(1_000_000);
        ChunkSize size = ChunkSize.of(1000).withOverlap(999);
        assertThat(new FixedSizeChunker(size).chunk(text.substring(0, 100_000))).hasSize(99_001);
        assertThat(new FixedSizeChunker(ChunkSize.of(1000)).chunk(text)).hasSize(1000);
        assertThat(new RecursiveChunker(ChunkSize.of(1000)).chunk(text)).hasSize(1000);
        assertThat(new SentenceChunker(ChunkSize.of(1000)).chunk(text)).hasSize(1);
        assertThat(new RecursiveChunker(List.of(java.util.regex.Pattern.compile(" ")), ChunkSize.of(9)).chunk(text))
                .hasSize(1);
    }

    /// As many tokens in each window, and the windows' tokens are those of the text.
    @Test
    void tokensOfBytePairs() {
        String text = "the cat sat on the mat, the cat 😀 ate the rat. ".repeat(6);
        Tokenizer bpe = new BpeTrainer(BpeTrainerOptions.of(300)).train(List.of(text));
        int[] ids = bpe.encode(text.strip());
        ChunkSize size = new ChunkSize(4, 0, Length.tokens(bpe));
        List<Chunk> chunks = new FixedSizeChunker(size).chunk(text.strip());
        Units units = size.length().of(text.strip());
        assertThat(units.between(0, text.strip().length())).isEqualTo(ids.length);
        int from = 0;
        for (Chunk chunk : chunks) {
            int count = units.between(chunk.start(), chunk.end());
            String spelled = bpe.decode(java.util.Arrays.copyOfRange(ids, from, from + count));
            assertThat(spelled.strip()).isEqualTo(chunk.text());
            from += count;
        }
        assertThat(from).isEqualTo(ids.length);
    }

    @Test
    void bytesOfACharacterStayTogether() {
        ChunkSize size = new ChunkSize(2, 0, Length.tokens(new ByteTokenizer()));
        assertThat(texts(new FixedSizeChunker(size), "a😀bcé")).containsExactly("a", "😀", "bc", "é");
        assertThat(size.length().of("a😀é\ud83d").between(0, 5)).isEqualTo(1 + 4 + 2 + 3);
    }

    @Test
    void aTokenizerThatChangesItsTextIsAskedWordByWord() {
        Tokenizer wordPiece =
                new WordPieceFrequencyTrainer(WordPieceTrainerOptions.of(60)).train(List.of("cafe zebra cat the then"));
        Length length = Length.tokens(wordPiece);
        String text = "The Café\n zebra 中文";
        int words = 0;
        for (String word : text.replace("中文", "中 文").split("\\s+")) {
            words += wordPiece.encode(word).length;
        }
        assertThat(length.of(text).between(0, text.length())).isEqualTo(words);
        assertThat(texts(new FixedSizeChunker(new ChunkSize(1, 0, length)), text))
                .containsExactly("The", "Café", "zebra", "中", "文");
    }

    @Test
    void characterTokensAreCharacters() {
        String text = "one two three four";
        Length tokens = Length.tokens(CharTokenizer.of(text));
        assertThat(texts(new FixedSizeChunker(new ChunkSize(5, 2, tokens)), text))
                .isEqualTo(fixed(text, 5, 2));
    }

    @Test
    void aUnitThatBeginsInsideAPairBeginsBeforeIt() {
        Units units = Units.of("😀a", 0, 1, 2);
        assertThat(units.pieces(new Span(0, 3))).containsExactly(new Span(0, 2), new Span(2, 3));
        assertThat(units.between(0, 2)).isEqualTo(2);
    }

    @Test
    void startsOfUnitsMustAscend() {
        assertThatThrownBy(() -> Units.of("abc", 0, 2, 1).between(0, 3))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("unit 2 starts at 1 of 3");
        assertThatThrownBy(() -> Units.of("abc", 0, 4).between(0, 3)).isInstanceOf(ShapeException.class);
    }
}
