package gradus.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.added.AddedToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BpeVocabularyTest {

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aTokenByItsBytesItsSpellingAndItsId() {
        List<byte[]> tokens = List.of(utf8("<s>"), utf8("a"), utf8(" "), utf8(" a"));
        BpeVocabulary vocabulary = BpeVocabulary.of(
                tokens, List.of(AddedToken.special(0, "<s>")), List.of(new BpeVocabulary.Merge(2, 1, 0, 3)));
        assertThat(vocabulary.size()).isEqualTo(4);
        assertThat(vocabulary.spelling(0)).isEqualTo("<s>");
        assertThat(vocabulary.spelling(3)).isEqualTo("Ġa");
        for (int id = 0; id < 4; id++) {
            assertThat(vocabulary.has(id)).isTrue();
            assertThat(vocabulary.isByte(id)).isEqualTo(id == 1 || id == 2);
            assertThat(vocabulary.idOfSpelling(vocabulary.spelling(id))).isEqualTo(id);
        }
        assertThat(vocabulary.idOf(utf8("b ab"), 1, 3)).isEqualTo(3);
        assertThat(vocabulary.idOf(utf8("b ab"), 0, 3)).isEqualTo(-1);
        assertThat(vocabulary.idOfByte((byte) 'a')).isEqualTo(1);
        assertThat(vocabulary.idOfByte((byte) 0xFF)).isEqualTo(-1);
        assertThat(vocabulary.idOfSpelling(" a")).isEqualTo(-1); // a space is no symbol
        assertThat(vocabulary.merges()).hasSize(1);
    }

    /// A token of one byte that was added as a text of its own is not how a byte is spelt.
    @Test
    void everyByteHasAToken() {
        List<byte[]> bytes = new ArrayList<>();
        for (byte b : ByteAlphabet.inSymbolOrder()) {
            bytes.add(new byte[] {b});
        }
        assertThat(BpeVocabulary.of(bytes, List.of(), List.of()).spellsEveryByte())
                .isTrue();
        for (int missing : new int[] {0, 128, 255}) {
            List<byte[]> fewer = new ArrayList<>(bytes);
            fewer.remove(missing);
            assertThat(BpeVocabulary.of(fewer, List.of(), List.of()).spellsEveryByte())
                    .isFalse();
        }
        assertThat(BpeVocabulary.of(List.of(), List.of(), List.of()).spellsEveryByte())
                .isFalse();
    }
}
