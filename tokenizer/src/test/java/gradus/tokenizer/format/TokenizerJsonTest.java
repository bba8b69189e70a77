package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.ByteTokenizer;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Texts;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Truncation;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.WordNetText;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.json.JsonFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// tokenizer.json, written and read, whole and broken.
class TokenizerJsonTest {
    private static final String BPE = """
            {"version":"1.0","truncation":{"direction":"Right","max_length":8,"strategy":"LongestFirst","stride":2},
            "padding":{"strategy":{"Fixed":8},"direction":"Right","pad_to_multiple_of":null,"pad_id":0,"pad_type_id":0,"pad_token":"<e>"},
            "added_tokens":[{"id":0,"content":"<e>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
            {"id":6,"content":"long","single_word":true,"lstrip":true,"rstrip":false,"normalized":true,"special":false}],
            "normalizer":{"type":"NFC"},
            "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
            "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<e>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
            "pair":[],"special_tokens":{"<e>":{"id":"<e>","ids":[0],"tokens":["<e>"]}}},
            "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
            "model":{"type":"BPE","dropout":null,"unk_token":"<e>","continuing_subword_prefix":null,"end_of_word_suffix":null,
            "fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
            "vocab":{"<e>":0,"a":1,"b":2,"ab":3,"\u0120":4,"\u0120ab":5},"merges":[["a","b"],["\u0120","ab"]]}}
            """;
    private static final String WORD_PIECE = """
            {"version":"1.0","truncation":null,"padding":null,
            "added_tokens":[{"id":0,"content":"[UNK]","special":true},{"id":1,"content":"[CLS]","special":true},{"id":2,"content":"[SEP]","special":true}],
            "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
            "pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},
            "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
            "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4,"ab":5}}}
            """;

    @TempDir
    Path folder;

    private static Tokenizer read(String json) {
        return Tokenizers.read(JsonFile.parse(json.getBytes(StandardCharsets.UTF_8), "tokenizer.json"));
    }

    private static void refused(String json, String what) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(what);
    }

    private static void refusedWhere(String old, String now, String what) {
        String source = BPE.contains(old) ? BPE : WORD_PIECE;
        assertThat(source).contains(old);
        refused(source.replace(old, now), what);
    }

    @Test
    void readsBothKinds() {
        assertThat(read(BPE).encode("ab ab")).containsExactly(3, 5);
        assertThat(read(BPE).encode("b long a")).containsExactly(2, 6, 4, 1);
        assertThat(read(WORD_PIECE).encode("AB abb á")).containsExactly(5, 5, 4, 3);
        assertThat(((WordPiece) read(WORD_PIECE)).encodeForModel("a", "ab").ids())
                .containsExactly(1, 3, 2, 5, 2);
        assertThat(((ByteLevelBpe) read(BPE)).encodeForModel("ab".repeat(20)).ids())
                .hasSize(8)
                .startsWith(0, 3);
    }

    @Test
    void readsMergesInBothSpellings() {
        String old = BPE.replace("[\"a\",\"b\"],[\"\u0120\",\"ab\"]", "\"a b\",\"\u0120 ab\"");
        assertThat(old).isNotEqualTo(BPE);
        assertThat(Tokenizers.fingerprint(read(old))).isEqualTo(Tokenizers.fingerprint(read(BPE)));
    }

    @Test
    void whatIsSavedIsLoadedAgain() {
        List<Tokenizer> all = List.of(
                read(BPE), read(WORD_PIECE), WordNetBpe.get(), CharTokenizer.of("héllo 🙂"), new ByteTokenizer());
        for (Tokenizer tokenizer : all) {
            Path own = folder.resolve(Tokenizers.fingerprint(tokenizer));
            Tokenizers.save(tokenizer, own);
            Tokenizer loaded = Tokenizers.load(own);
            assertThat(Tokenizers.fingerprint(loaded)).isEqualTo(Tokenizers.fingerprint(tokenizer));
            assertThat(loaded.name()).isEqualTo(tokenizer.name());
            assertThat(loaded.vocabularySize()).isEqualTo(tokenizer.vocabularySize());
            assertThat(loaded.decode(0)).isEqualTo(tokenizer.decode(0));
        }
        assertThat(folder.toFile().list()).hasSize(5); // each has a fingerprint of its own
    }

    @Test
    void gpt2FilesAndVocabTxtAreLoadedAgain() {
        Gpt2Files.write(WordNetBpe.get(), folder.resolve("bpe"));
        Tokenizer bpe = Tokenizers.load(folder.resolve("bpe"));
        String text = WordNetText.text().substring(0, 100_000);
        assertThat(bpe.encode(text)).isEqualTo(WordNetBpe.get().encode(text));
        assertThat(bpe.specialTokens()).containsExactly("<|endoftext|>");
        VocabTxt.write((WordPiece) read(WORD_PIECE), folder.resolve("bert"));
        assertThat(Tokenizers.load(folder.resolve("bert")).encode("ab abb")).containsExactly(5, 5, 4);
    }

    // BAD-INPUT 69, 70, 71
    @Test
    void brokenJson() {
        refused("", "JSON");
        refused("{", "JSON");
        refused("[1]", "expected a JSON object");
        refused("null", "expected a JSON object");
        refused("{} {}", "JSON");
        refused("{\"a\":1,\"a\":2}", "JSON");
        refusedWhere("\"b\":2,", "\"b\":2,\"b\":2,", "JSON");
        refused("{\"a\":" + "[".repeat(100_000), "JSON");
        refused("[".repeat(100_000), "JSON");
        refused("{\"model\":" + "9".repeat(5000) + "}", "JSON");
    }

    // BAD-INPUT 72, 73, 74
    @Test
    void brokenMerges() {
        refusedWhere("[\"a\",\"b\"]", "[\"a\"]", "merges[0]");
        refusedWhere("[\"a\",\"b\"]", "\"a b c\"", "merges[0]");
        refusedWhere("[\"a\",\"b\"]", "7", "merges[0]");
        refusedWhere("[\"\u0120\",\"ab\"]", "[\"\u0120\",\"zz\"]", "merges[1] needs 'zz'");
        refusedWhere("[\"a\",\"b\"]", "[\"b\",\"a\"]", "needs 'ba'");
    }

    // BAD-INPUT 75, 76, 77, 85
    @Test
    void brokenIds() {
        refusedWhere("\"b\":2,", "\"b\":1,", "gives the id 1");
        refusedWhere("\"id\":6", "\"id\":5", "gives the id 5");
        refusedWhere("\"id\":6", "\"id\":2000000", "may be without a token");
        for (String id : List.of("-1", "1.5", "2147483648", "1e400", "\"2\"", "null", "[]")) {
            refusedWhere("\"b\":2,", "\"b\":" + id + ",", "");
        }
        refusedWhere("\"b\":2,", "\"b\":2,\"" + "c".repeat(100_000) + "\":6,", "limit");
    }

    // BAD-INPUT 62, 78, 79, 80, 87
    @Test
    void tokensThatAreMissing() {
        refusedWhere("\"unk_token\":\"<e>\"", "\"unk_token\":\"<u>\"", "'<u>' is not in the vocabulary");
        refusedWhere("\"unk_token\":\"[UNK]\"", "\"unk_token\":\"<u>\"", "'<u>' is not in the vocabulary");
        refusedWhere("{\"SpecialToken\":{\"id\":\"<e>\"", "{\"SpecialToken\":{\"id\":\"<x>\"", "'<x>' is not among");
        refusedWhere("\"ids\":[0],", "\"ids\":[3],", "gives '<e>' the id 3");
        refusedWhere("[\"[SEP]\",2]", "[\"[SEP]\",3]", "gives '[SEP]' the id 3");
        refusedWhere("\"stride\":2", "\"stride\":8", "stride=8");
        refusedWhere("\"max_length\":8", "\"max_length\":0", "max_length=0");
        refusedWhere("\"ids\":[0],", "\"ids\":[0,0],", "2 ids for 1 tokens");
        refusedWhere("[\"[SEP]\",2]", "[\"[SEP]\"]", "a token and its id");
        assertThatThrownBy(() -> new Truncation(4, 4, false)).isInstanceOf(TokenizerException.class);
    }

    // BAD-INPUT 81, 82, 83, 84, 86
    @Test
    void whatIsNotSupportedIsNamed() {
        String byteLevel =
                "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";
        refusedWhere("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "in a Unigram model");
        refusedWhere("\"model\":", "\"type\":\"MyTokenizer\",\"model\":", "'MyTokenizer' is unknown");
        refusedWhere("\"version\":\"1.0\"", "\"version\":\"2.0\"", "2.0");
        refusedWhere(byteLevel, "{\"type\":\"FixedLength\",\"length\":0}", "'FixedLength' is not supported");
        String split =
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a+)+$\"},"
                        + "\"behavior\":\"Isolated\",\"invert\":false},{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
                        + "\"use_regex\":false}]}";
        refusedWhere(byteLevel, split, "no regex from a file is run");
        refusedWhere("\"byte_fallback\":false", "\"byte_fallback\":true", "'ByteLevel' is not supported");
        refusedWhere("{\"type\":\"NFC\"}", "{\"type\":\"Strip\",\"start\":3,\"stop\":1}", "'Strip' is not supported");
        refusedWhere(
                "\"type\":\"WordPiece\",\"prefix\"", "\"type\":\"Strip\",\"start\":3,\"stop\":1,\"prefix\"", "'Strip'");
        refusedWhere("\"dropout\":null", "\"dropout\":0.1", "dropout");
        refusedWhere("\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"</w>\"", "end_of_word_suffix");
        refusedWhere("\"strategy\":\"LongestFirst\"", "\"strategy\":\"OnlyFirst\"", "OnlyFirst");
    }

    /// Cuts, doubles, swaps and overwrites pieces of the file's text: each result loads or is refused, nothing
    /// else.
    @Property(tries = 10_000)
    void mutatedFilesLoadOrAreRefused(@ForAll long seed) {
        var random = new Random(seed);
        byte[] json = (random.nextBoolean() ? BPE : WORD_PIECE).getBytes(StandardCharsets.UTF_8);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            json = mutate(json, random);
        }
        try {
            Tokenizer tokenizer = Tokenizers.read(JsonFile.parse(json, "mutated"));
            String text = Texts.random(random) + "ab abb";
            tokenizer.decode(tokenizer.encode(text));
            tokenizer.decode(tokenizer.encode(text, tokenizer.specialTokens()));
            ((TokenizerPipeline) tokenizer).encodeForModel(text);
            Tokenizers.fingerprint(tokenizer);
        } catch (TokenizerException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "0",
        "2147483648",
        "1e999",
        "0.5",
        "\"\"",
        "\"a\"",
        "[]",
        "{}",
        "[[]]",
        "{\"type\":\"BPE\"}",
        "\"\\ud800\"",
        "\"Sequence\"",
        "\"##\"",
        "[null]",
        "99999999999999999999",
        ",",
        ":",
        "\"",
        "[",
        "}",
        "\\",
        "\u0000"
    };

    private static byte[] mutate(byte[] json, Random random) {
        String text = new String(json, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            return json;
        }
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(3) == 0 ? 200 : 6));
        String value = new String(
                VALUES[random.nextInt(VALUES.length)].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String mutated = switch (random.nextInt(7)) {
            case 0 -> text.substring(0, at) + text.substring(end);
            case 1 -> text.substring(0, end) + text.substring(at);
            case 2 -> text.substring(0, at) + value + text.substring(end);
            case 3 -> text.substring(0, at) + (char) random.nextInt(256) + text.substring(at + 1);
            case 4 -> text.substring(0, at);
            default -> replaceValue(text, value, random);
        };
        return mutated.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Puts another value behind a colon or comma, so that the JSON mostly stays JSON.
    private static String replaceValue(String text, String value, Random random) {
        int at = text.indexOf(random.nextBoolean() ? ':' : ',', random.nextInt(text.length()));
        if (at < 0) {
            return text;
        }
        int end = at + 1;
        while (end < text.length() && ",]}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, at + 1) + value + text.substring(end);
    }
}
