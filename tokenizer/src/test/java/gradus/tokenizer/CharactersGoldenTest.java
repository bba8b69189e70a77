package gradus.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tokenizer.json.JsonFields;
import gradus.tokenizer.normalize.NfcNormalizer;
import gradus.tokenizer.text.CharClass;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the reference's tables say of every character, made by make_folder_golden.py.
class CharactersGoldenTest {
    private static final JsonFields GOLDEN = Texts.golden("characters");

    @Test
    void f1_charactersOfAWordAreUnicodesAsInTheReference() {
        var words = new BitSet();
        for (JsonFields range : GOLDEN.list("words")) {
            String[] ends = range.text().split("-");
            words.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[1], 16) + 1);
        }
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (!isSurrogate(c)) {
                assertThat(CharClass.isWord(c)).as("U+%04X", c).isEqualTo(words.get(c));
            }
        }
    }

    @Test
    void f4_nfcFollowsTheReferencesUnicodeWhateverTheJdks() {
        var changed = new HashMap<Integer, List<JsonFields>>();
        for (JsonFields row : GOLDEN.list("composed")) {
            List<JsonFields> values = row.elements();
            changed.put(values.get(0).text().codePointAt(0), values);
        }
        var nfc = new NfcNormalizer();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (!isSurrogate(c)) {
                String before = "a" + Character.toString(c) + "\u0334";
                String after = "a\u0345" + Character.toString(c);
                List<JsonFields> row = changed.get(c);
                assertThat(nfc.normalize(before))
                        .isEqualTo(row == null ? before : row.get(1).text());
                assertThat(nfc.normalize(after))
                        .isEqualTo(row == null ? after : row.get(2).text());
            }
        }
    }

    @Test
    void f4_laterMarksNeitherMoveNorCompose() {
        var nfc = new NfcNormalizer();
        for (String text : List.of("a\u08D3\u0334", "\uD801\uDDD2\u0307", "\uD805\uDD1E\uD805\uDD1E", "\u1112\u0897")) {
            assertThat(nfc.normalize(text)).isEqualTo(text);
        }
        assertThat(nfc.normalize("e\u0301\u08D3e\u0301")).isEqualTo("\u00E9\u08D3\u00E9");
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
