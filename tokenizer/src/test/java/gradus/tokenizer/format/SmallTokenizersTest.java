package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.HuggingFace;
import gradus.tokenizer.Texts;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.TextLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Character and byte tokenizers in Hugging Face's files.
class SmallTokenizersTest {
    @TempDir
    Path folder;

    @Test
    void u3_aCharacterTokenizerIsReadByHuggingFaceToTheSameIds() {
        var characters = new StringBuilder(" \n\r\t\u0000#ab");
        var random = new Random(5);
        for (int i = 0; i < 300; i++) {
            characters.appendCodePoint(Texts.codePoint(random));
        }
        CharTokenizer tokenizer = CharTokenizer.of(characters.toString());
        Tokenizers.save(tokenizer, folder);
        int[] all = characters.codePoints().toArray();
        try (var theirs = new HuggingFace(folder)) {
            for (int i = 0; i < 500; i++) {
                var text = new StringBuilder();
                for (int n = random.nextInt(30); n > 0; n--) {
                    text.appendCodePoint(all[random.nextInt(all.length)]);
                }
                int[] ids = tokenizer.encode(text.toString());
                assertThat(theirs.encode(text.toString())).isEqualTo(ids);
                assertThat(theirs.decode(ids)).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void u3_aByteTokenizerIsReadByHuggingFaceToTheSameIds() {
        var tokenizer = new ByteTokenizer();
        Tokenizers.save(tokenizer, folder);
        var random = new Random(6);
        try (var theirs = new HuggingFace(folder)) {
            for (int i = 0; i < 500; i++) {
                String text = Texts.random(random);
                assertThat(theirs.encode(text)).isEqualTo(tokenizer.encode(text));
                assertThat(theirs.decode(tokenizer.encode(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void u3_bothAreReadBackAsWhatTheyAre() {
        for (Tokenizer tokenizer : List.of(CharTokenizer.of("héllo \n🙂"), new ByteTokenizer())) {
            Tokenizers.save(tokenizer, folder);
            Tokenizer loaded = Tokenizers.load(folder);
            assertThat(loaded).isInstanceOf(tokenizer.getClass());
            assertThat(Tokenizers.fingerprint(loaded)).isEqualTo(Tokenizers.fingerprint(tokenizer));
            assertThat(loaded.decode(loaded.encode("hllo"))).isEqualTo("hllo");
        }
    }

    @Test
    void filesOfEarlierVersionsAreStillRead() throws java.io.IOException {
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"version\":\"1.0\",\"type\":\"CharTokenizer\",\"vocab\":[\"a\",\"b\"]}");
        Tokenizer old = Tokenizers.load(folder);
        assertThat(old.encode("ba")).containsExactly(1, 0);
        assertThat(Tokenizers.fingerprint(old)).isEqualTo(Tokenizers.fingerprint(CharTokenizer.of("ab")));
        Files.writeString(folder.resolve("tokenizer.json"), "{\"version\":\"1.0\",\"type\":\"ByteTokenizer\"}");
        assertThat(Tokenizers.fingerprint(Tokenizers.load(folder)))
                .isEqualTo(Tokenizers.fingerprint(new ByteTokenizer()));
        // SHA-256 of {"version":"1.0","type":"ByteTokenizer"}: what such runs remember
        assertThat(Tokenizers.fingerprint(new ByteTokenizer()))
                .isEqualTo(
                        JsonFile.sha256(JsonFile.object().put("version", "1.0").put("type", "ByteTokenizer")));
    }

    @Test
    void aWordLevelThatIsNoCharacterTokenizerIsRefused() {
        Tokenizers.save(CharTokenizer.of("ab"), folder);
        String file = TextLines.text(folder.resolve("tokenizer.json")).replaceAll("\\s+", "");
        assertThat(read(file).encode("ab")).containsExactly(0, 1);
        refused(file.replace("\"b\":1", "\"bc\":1"), "one character");
        refused(file.replace("\"b\":1", "\"b\":2"), "no character with the id 1");
        refused(file.replace("\"a\":0,\"b\":1", "\"b\":0,\"a\":1"), "out of order");
        refused(file.replace("[\\\\s\\\\S]", "\\\\w"), "is not supported before a WordLevel");
        refused(file.replace("Isolated", "Removed"), "is not supported before a WordLevel");
        refused(file.replace("\"invert\":false", "\"invert\":true"), "is not supported before a WordLevel");
        refused(file.replace("\"Fuse\"", "\"ByteLevel\""), "decoder");
        refused(file.replace("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}"), "normalizer");
        refused(file.replace("\"added_tokens\":[]", "\"added_tokens\":[{\"id\":2,\"content\":\"x\"}]"), "added_tokens");
    }

    private static Tokenizer read(String file) {
        return Tokenizers.read(JsonFile.parse(file.getBytes(java.nio.charset.StandardCharsets.UTF_8), "file"));
    }

    private static void refused(String file, String what) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("file");
    }
}
