package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.sentencepiece.Charsmap;
import gradus.tokenizer.sentencepiece.SentencePieceProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Damaged and unsupported SentencePiece files are refused, with the file's name and what is wrong.
class SentencePieceBadInputTest {
    private static final String UNIGRAM = """
            {"version":"1.0","added_tokens":[],"normalizer":null,
             "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
             "post_processor":null,"decoder":{"type":"Metaspace","replacement":"▁"},
             "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,
                      "vocab":[["<unk>",0.0],["▁",-2.0],["a",-1.5],["▁a",-1.0]]}}
            """;
    private static final String BPE = """
            {"version":"1.0","added_tokens":[],
             "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
                           {"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
             "pre_tokenizer":null,"post_processor":null,
             "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},
                        {"type":"ByteFallback"},{"type":"Fuse"},
                        {"type":"Strip","content":" ","start":1,"stop":0}]},
             "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
                      "vocab":{"<unk>":0,"<0x62>":1,"▁":2,"a":3,"▁a":4},"merges":["▁ a"]}}
            """;

    @TempDir
    Path folder;

    private Tokenizer load(String json) throws IOException {
        return Tokenizers.load(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    private void refused(ThrowingCallable load, String file, String... words) {
        assertThatThrownBy(load)
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(file)
                .hasMessageContainingAll(words)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThanOrEqualTo(500));
    }

    @Test
    void thePlainFilesAreRead() throws IOException {
        assertThat(load(UNIGRAM).encode("a ab")).containsExactly(3, 3, 0);
        assertThat(load(BPE).encode("a abc")).containsExactly(4, 4, 1, 0); // there is a byte piece for b, none for c
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(UNIGRAM, "\"unk_id\":0", "\"unk_id\":4", "model.unk_id"),
                Arguments.of(UNIGRAM, "\"unk_id\":0", "\"unk_id\":-1", "model.unk_id"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"a\"]", "vocab[2]"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"a\",\"x\"]", "vocab[2]"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"a\",1e999]", "finite"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"a\",null]", "vocab[2]"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"\",-1.5]", "vocab"),
                Arguments.of(UNIGRAM, "[\"a\",-1.5]", "[\"▁\",-1.5]", "'▁' has the ids 1 and 2"),
                Arguments.of(UNIGRAM, "\"byte_fallback\":false", "\"nbest\":2", "nbest"),
                Arguments.of(UNIGRAM, "{\"type\":\"Metaspace\",\"replacement\":\"▁\"}", "null", "decoder"),
                Arguments.of(UNIGRAM, "\"normalizer\":null", "\"normalizer\":{\"type\":\"Magic\"}", "Magic"),
                Arguments.of(UNIGRAM, "\"normalizer\":null", "\"normalizer\":{\"type\":\"NFKC\",\"x\":1}", "'x'"),
                Arguments.of(
                        UNIGRAM,
                        "\"normalizer\":null",
                        "\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAA\"}",
                        "precompiled_charsmap"),
                Arguments.of(
                        UNIGRAM,
                        "\"normalizer\":null",
                        "\"normalizer\":{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a+\"},\"content\":\"\"}",
                        "no regex"),
                Arguments.of(UNIGRAM, "\"always\"", "\"sometimes\"", "prepend_scheme"),
                Arguments.of(UNIGRAM, "\"always\"", "\"always\",\"add_prefix_space\":false", "contradicts"),
                Arguments.of(UNIGRAM, "\"▁\",\"prepend", "\"▁▁\",\"prepend", "one character"),
                Arguments.of(BPE, "\"dropout\":null", "\"dropout\":0.1", "dropout"),
                Arguments.of(BPE, "\"unk_token\":\"<unk>\"", "\"unk_token\":\"<none>\"", "unk_token"),
                Arguments.of(BPE, "\"▁ a\"", "\"▁ b\"", "'b'"),
                Arguments.of(BPE, "\"▁ a\"", "\"a ▁\"", "'a▁'"),
                Arguments.of(BPE, "\"stop\":0", "\"stop\":1", "stop"),
                Arguments.of(BPE, "{\"type\":\"Fuse\"},", "", "Fuse"),
                Arguments.of(BPE, "\"fuse_unk\":true", "\"end_of_word_suffix\":\"</w>\"", "end_of_word_suffix"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNamed(String file, String right, String wrong, String word) {
        assertThat(file).contains(right);
        refused(() -> load(file.replace(right, wrong)), "tokenizer.json", word);
    }

    @Test
    void aPieceOf100KilobytesIsRefused() {
        refused(() -> load(UNIGRAM.replace("\"a\"", "\"" + "a".repeat(100_000) + "\"")), "tokenizer.json", "100000");
        refused(() -> load(BPE.replace("\"<0x62>\"", "\"" + "a".repeat(100_000) + "\"")), "tokenizer.json", "100000");
    }

    /// Holes among ids have no token and no text.
    @Test
    void anIdWithoutATokenIsRead() throws IOException {
        Tokenizer tokenizer = load(BPE.replace("\"a\":3,\"▁a\":4", "\"a\":3,\"▁a\":6"));
        assertThat(tokenizer.encode("a a")).containsExactly(6, 6);
        assertThat(tokenizer.vocabularySize()).isEqualTo(7);
        assertThat(tokenizer.hasToken(5)).isFalse();
        assertThat(tokenizer.decode(5, 6, 5, 6)).isEqualTo("a a");
    }

    /// Every key that a list names is read or refused by name, and a key in none is refused.
    @Test
    void everyKeyOfEveryListIsKnown() {
        for (KnownKeys keys : List.of(
                SentencePieceKeys.BPE,
                SentencePieceKeys.UNIGRAM,
                SentencePieceKeys.PREPEND,
                SentencePieceKeys.REPLACE,
                SentencePieceKeys.PATTERN,
                SentencePieceKeys.PRECOMPILED,
                SentencePieceKeys.STRIP,
                SentencePieceKeys.TYPE_ALONE,
                SentencePieceKeys.SPLIT,
                SentencePieceKeys.METASPACE,
                SentencePieceKeys.STRIP_DECODER,
                SentencePieceKeys.SPEC)) {
            assertThat(keys.fault(List.of("another"), key -> 1L)).isPresent();
            for (Map.Entry<String, KnownKeys.Rule> rule : keys.rules().entrySet()) {
                boolean limited = rule.getValue() instanceof KnownKeys.Only;
                assertThat(keys.fault(List.of(rule.getKey()), key -> "strange").isPresent())
                        .as(rule.getKey())
                        .isEqualTo(limited);
            }
        }
    }

    // --- tokenizer.model

    private void modelIsRefused(byte[] bytes, String... words) {
        Path file = folder.resolve("tokenizer.model");
        refused(() -> Tokenizers.load(Files.write(file, bytes)), "tokenizer.model", words);
    }

    private static byte[] ascii(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Fields by hand: `\n` is field 1 as bytes, then the length.
    @Test
    void brokenModelsAreRefused() {
        modelIsRefused(new byte[0], "no pieces");
        modelIsRefused(ascii("\n\u0005abc"), "byte 2", "5 bytes; 3 are left");
        modelIsRefused(ascii("\n\u0003\n\u0001\u00FF"), "UTF-8");
        modelIsRefused(ascii("\n\u0003\n\u0001a"), "UNKNOWN");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0007"), "type 7");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\n\u0005\n\u0001b\u0018\u0002"), "both UNKNOWN");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\n\u0003\n\u0001b\n\u0003\n\u0001b"), "'b', is there twice");
        modelIsRefused(ascii("\n\u0002\n\u0000"), "0 chars");
        modelIsRefused(ascii("\n\u0008\n\u0001a\u0015\u0000\u0000\u00C0\u007F"), "NaN");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\u0012\u0002\u0018\u0003"), "WORD");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\u0012\u0003\u0098\u0002\u0001"), "byte pieces");
        modelIsRefused(
                ascii("\n\u0005\n\u0001a\u0018\u0002\u0012\u0003\u00C0\u0001\u0001"), "treat_whitespace_as_suffix");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u00022\u0000"), "field 6");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\u0012\u0003\u00F8\u0007\u0001"), "field 127");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002\u001A\u0003\u0012\u0001a"), "charsmap");
        modelIsRefused(ascii("\n\u0005\n\u0001a\u0018\u0002*\u0003\u0012\u0001a"), "denormalizer");
    }

    @Test
    void brokenCharsmapsAreRefused() {
        byte[] sound = SentencePieceProto.read(SentencePieceGolden.model("unigram-t5"))
                .spec()
                .charsmap()
                .bytes();
        assertThatCode(() -> new Charsmap(sound)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new Charsmap(Arrays.copyOf(sound, 4))).isInstanceOf(TokenizerException.class);
        assertThatThrownBy(() -> new Charsmap(Arrays.copyOf(sound, sound.length - 1)))
                .hasMessageContaining("no end");
        byte[] long_ = sound.clone();
        long_[3] = 0x7F;
        assertThatThrownBy(() -> new Charsmap(long_)).hasMessageContaining("its tree has");
        byte[] odd = sound.clone();
        odd[0]++;
        assertThatThrownBy(() -> new Charsmap(odd)).hasMessageContaining("4-byte units");
    }

    /// Whatever byte is changed: the file is refused by name, or read, and then encodes.
    @Test
    void changedBytesNeverBreakOut() throws IOException {
        var random = new Random(6);
        Path file = folder.resolve("tokenizer.model");
        for (String name : List.of("bpe-llama", "unigram-t5")) {
            byte[] sound = SentencePieceGolden.model(name);
            for (int i = 0; i < 400; i++) {
                byte[] changed = sound.clone();
                for (int k = random.nextInt(1, 4); k > 0; k--) {
                    // Mostly in the last part, where the settings and the charsmap are.
                    int at =
                            random.nextBoolean() ? random.nextInt(sound.length) : sound.length - 1 - random.nextInt(60);
                    changed[at] = (byte) random.nextInt(256);
                }
                Files.write(
                        file, random.nextInt(5) == 0 ? Arrays.copyOf(changed, random.nextInt(sound.length)) : changed);
                try {
                    Tokenizer tokenizer = Tokenizers.load(file);
                    tokenizer.decode(tokenizer.encode("Größe ﬁ <tool> \u0301日本"));
                } catch (TokenizerException refused) {
                    assertThat(refused.getMessage()).contains("tokenizer.model").hasSizeLessThanOrEqualTo(500);
                }
            }
        }
    }
}
