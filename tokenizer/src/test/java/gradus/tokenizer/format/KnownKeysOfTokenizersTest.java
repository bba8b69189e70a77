package gradus.tokenizer.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.TokenizerException;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.config.TokenizerConfigKeys;
import gradus.tokenizer.json.JsonFile;
import gradus.tokenizer.json.KnownKeys;
import gradus.tokenizer.pretokenize.Qwen2PreTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Walks the lists of keys of each object of tokenizer.json and of tokenizer_config.json with its companions: an
/// unknown key is refused by name, a refused one too, a harmless one changes nothing, and an obeyed one is
/// looked at.
class KnownKeysOfTokenizersTest {
    private static final String[] ODD_VALUES = {"7", "true", "\"odd\"", "[7]", "{\"odd\":7}"};

    @TempDir
    Path folder;

    /// Where an object of a kind stands in a file: the file, the path to it, and its keys.
    private record Place(String name, String file, List<Object> path, KnownKeys keys) {}

    private static final String BYTE_LEVEL =
            """
            {"version":"1.0","truncation":{"direction":"Right","max_length":8,"strategy":"LongestFirst","stride":2},
            "padding":{"strategy":{"Fixed":8},"direction":"Right","pad_to_multiple_of":8,"pad_id":0,"pad_type_id":0,
            "pad_token":"<e>"},
            "added_tokens":[{"id":0,"content":"<e>","single_word":false,"lstrip":false,"rstrip":false,
            "normalized":false,"special":true}],
            "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"}]},
            "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"QWEN2"},
            "behavior":"Isolated","invert":false},
            {"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}]},
            "post_processor":{"type":"Sequence","processors":[
            {"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true},
            {"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<e>","type_id":0}},
            {"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},
            {"Sequence":{"id":"B","type_id":1}}],
            "special_tokens":{"<e>":{"id":"<e>","ids":[0],"tokens":["<e>"]}}}]},
            "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
            "model":{"type":"BPE","dropout":null,"unk_token":"<e>","continuing_subword_prefix":null,
            "end_of_word_suffix":"","fuse_unk":false,"byte_fallback":false,"ignore_merges":false,
            "vocab":{"<e>":0,"a":1,"b":2,"ab":3},"merges":[["a","b"]]}}
            """.replace("QWEN2", new Qwen2PreTokenizer().pattern().orElseThrow().replace("\\", "\\\\"));
    private static final String WORD_PIECE = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
            "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,
            "lowercase":true},
            "pre_tokenizer":{"type":"BertPreTokenizer"},
            "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},
            "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
            "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
            "max_input_chars_per_word":100,"vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"a":3,"##b":4,"ab":5}}}
            """;
    private static final String ROBERTA = WORD_PIECE.replace(
            "\"BertProcessing\"", "\"RobertaProcessing\",\"trim_offsets\":true,\"add_prefix_space\":true");
    private static final String CHARACTERS = JsonFile.compact(CharTokenizerJson.write(CharTokenizer.of("ab")));

    private static List<Place> places() {
        return List.of(
                new Place("root", BYTE_LEVEL, List.of(), TokenizerJsonKeys.ROOT),
                new Place("added token", BYTE_LEVEL, List.of("added_tokens", 0), TokenizerJsonKeys.ADDED_TOKEN),
                new Place("truncation", BYTE_LEVEL, List.of("truncation"), TokenizerJsonKeys.TRUNCATION),
                new Place("padding", BYTE_LEVEL, List.of("padding"), TokenizerJsonKeys.PADDING),
                new Place("fixed", BYTE_LEVEL, List.of("padding", "strategy"), TokenizerJsonKeys.FIXED_PADDING),
                new Place("sequence", BYTE_LEVEL, List.of("normalizer"), TokenizerJsonKeys.sequence("normalizers")),
                new Place("NFC", BYTE_LEVEL, List.of("normalizer", "normalizers", 0), TokenizerJsonKeys.NFC),
                new Place("split", BYTE_LEVEL, List.of("pre_tokenizer", "pretokenizers", 0), TokenizerJsonKeys.SPLIT),
                new Place(
                        "pattern",
                        BYTE_LEVEL,
                        List.of("pre_tokenizer", "pretokenizers", 0, "pattern"),
                        TokenizerJsonKeys.PATTERN),
                new Place(
                        "byte level",
                        BYTE_LEVEL,
                        List.of("pre_tokenizer", "pretokenizers", 1),
                        TokenizerJsonKeys.BYTE_LEVEL),
                new Place(
                        "byte level processor",
                        BYTE_LEVEL,
                        List.of("post_processor", "processors", 0),
                        TokenizerJsonKeys.BYTE_LEVEL_PROCESSOR),
                new Place(
                        "template", BYTE_LEVEL, List.of("post_processor", "processors", 1), TokenizerJsonKeys.TEMPLATE),
                new Place(
                        "part",
                        BYTE_LEVEL,
                        List.of("post_processor", "processors", 1, "single", 0),
                        TokenizerJsonKeys.TEMPLATE_PART),
                new Place(
                        "token of a template",
                        BYTE_LEVEL,
                        List.of("post_processor", "processors", 1, "single", 0, "SpecialToken"),
                        TokenizerJsonKeys.TEMPLATE_TOKEN),
                new Place(
                        "sequence of a template",
                        BYTE_LEVEL,
                        List.of("post_processor", "processors", 1, "pair", 1, "Sequence"),
                        TokenizerJsonKeys.TEMPLATE_TOKEN),
                new Place(
                        "special of a template",
                        BYTE_LEVEL,
                        List.of("post_processor", "processors", 1, "special_tokens", "<e>"),
                        TokenizerJsonKeys.TEMPLATE_SPECIAL),
                new Place("byte level decoder", BYTE_LEVEL, List.of("decoder"), TokenizerJsonKeys.BYTE_LEVEL_DECODER),
                new Place("BPE", BYTE_LEVEL, List.of("model"), TokenizerJsonKeys.BYTE_LEVEL_BPE),
                new Place("BERT's normalizer", WORD_PIECE, List.of("normalizer"), TokenizerJsonKeys.BERT_NORMALIZER),
                new Place("BERT's cut", WORD_PIECE, List.of("pre_tokenizer"), TokenizerJsonKeys.BERT_PRE_TOKENIZER),
                new Place("BERT's frame", WORD_PIECE, List.of("post_processor"), TokenizerJsonKeys.BERT_PROCESSING),
                new Place("RoBERTa's frame", ROBERTA, List.of("post_processor"), TokenizerJsonKeys.ROBERTA_PROCESSING),
                new Place("WordPiece decoder", WORD_PIECE, List.of("decoder"), TokenizerJsonKeys.WORD_PIECE_DECODER),
                new Place("WordPiece", WORD_PIECE, List.of("model"), TokenizerJsonKeys.WORD_PIECE),
                new Place("Fuse", CHARACTERS, List.of("decoder"), TokenizerJsonKeys.FUSE),
                new Place("WordLevel", CHARACTERS, List.of("model"), TokenizerJsonKeys.WORD_LEVEL));
    }

    @Test
    void unknownKeysOfTokenizerJsonAreRefusedByName() {
        for (Place place : places()) {
            refused(place.name, with(place, "brand_new", "null"), "brand_new");
            refused(place.name, with(place, "brand_new", "false"), "brand_new");
        }
    }

    @Test
    void everyKeyOfTokenizerJsonIsDealtWithAsItsListSays() {
        for (Place place : places()) {
            place.keys.rules().forEach((key, rule) -> {
                String what = place.name + ": " + key;
                switch (rule) {
                    case KnownKeys.Harmless harmless -> {
                        assertThat(harmless.reason()).isNotBlank();
                        for (String value : ODD_VALUES) {
                            assertThat(outcome(with(place, key, value)))
                                    .as(what)
                                    .isEqualTo(outcome(place.file));
                        }
                    }
                    case KnownKeys.Refused refused -> refused(what, with(place, key, "7"), key);
                    case KnownKeys.Only only -> refused(what, with(place, key, "\"odd\""), key);
                    case KnownKeys.Obeyed obeyed -> obeyed(what, place, key);
                }
            });
        }
    }

    /// Of all odd values at least one must be refused or change what comes out.
    private static void obeyed(String what, Place place, String key) {
        Set<String> outcomes = new LinkedHashSet<>();
        for (String value : ODD_VALUES) {
            outcomes.add(outcome(with(place, key, value)));
        }
        assertThat(outcomes).as(what).isNotEqualTo(Set.of(outcome(place.file)));
    }

    // --- tokenizer_config.json and its companions

    @Test
    void unknownKeysBesideTokenizerJsonAreRefusedByName() {
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            assertThat(config(Map.of(file, "{\"brand_new\":null}")))
                    .contains("brand_new")
                    .contains(file);
        }
        String token = "{\"content\":\"<x>\",\"brand_new\":1}";
        assertThat(config(Map.of("tokenizer_config.json", "{\"added_tokens_decoder\":{\"9\":" + token + "}}")))
                .contains("brand_new");
        assertThat(config(Map.of("tokenizer_config.json", "{\"eos_token\":" + token + "}")))
                .contains("brand_new");
        assertThat(config(Map.of("added_tokens.json", "{\"brand_new\":\"nine\"}")))
                .contains("brand_new");
        assertThat(config(Map.of("chat_template.json", "{\"brand_new\":1}"))).contains("brand_new");
        assertThat(config(Map.of(
                        "tokenizer_config.json",
                        "{\"chat_template\":[{\"name\":\"a\",\"template\":\"b\",\"brand_new\":1}]}")))
                .contains("brand_new");
    }

    @Test
    void everyKeyBesideTokenizerJsonIsDealtWithAsItsListSays() {
        String plain = config(Map.of("tokenizer_config.json", "{}"));
        assertThat(config(Map.of())).isEqualTo(plain);
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            KnownKeys keys =
                    file.startsWith("tok") ? TokenizerConfigKeys.CONFIG : TokenizerConfigKeys.SPECIAL_TOKENS_MAP;
            keys.rules().forEach((key, rule) -> {
                List<String> outcomes = new ArrayList<>();
                for (String value : ODD_VALUES) {
                    outcomes.add(config(Map.of(file, "{\"" + key + "\":" + value + "}")));
                }
                outcomes.add(config(Map.of(file, "{\"" + key + "\":[\"odd\"]}")));
                switch (rule) {
                    case KnownKeys.Harmless harmless ->
                        assertThat(outcomes).as(key).containsOnly(plain);
                    case KnownKeys.Refused refused ->
                        assertThat(outcomes).as(key).allMatch(o -> o.contains(key));
                    case KnownKeys.Only only ->
                        assertThat(outcomes.get(2)).as(key).contains(key);
                    case KnownKeys.Obeyed obeyed ->
                        assertThat(outcomes).as(key).anyMatch(outcome -> !outcome.equals(plain));
                }
            });
        }
    }

    /// What comes of a WordPiece folder with these files beside its vocabulary.
    private String config(Map<String, String> files) {
        try {
            Path own = Files.createTempDirectory(folder, "config");
            Files.writeString(own.resolve("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\nhello\nHello\né\ne\n中\n");
            for (Map.Entry<String, String> file : files.entrySet()) {
                Files.writeString(own.resolve(file.getKey()), file.getValue());
            }
            if (files.values().stream().anyMatch(content -> content.contains("_side"))) {
                Files.writeString(own.resolve("tokenizer.json"), BYTE_LEVEL);
            }
            return outcome((TokenizerPipeline) Tokenizers.load(own)).replaceAll("config\\d+", "config");
        } catch (TokenizerException refused) {
            return refused.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // --- outcomes

    private static String outcome(String file) {
        try {
            Tokenizer tokenizer = Tokenizers.read(JsonFile.parse(file.getBytes(StandardCharsets.UTF_8), "file"));
            return tokenizer instanceof TokenizerPipeline pipeline
                    ? outcome(pipeline)
                    : Tokenizers.fingerprint(tokenizer);
        } catch (TokenizerException refused) {
            return refused.getMessage();
        }
    }

    private static String outcome(TokenizerPipeline tokenizer) {
        return JsonFile.compact(Tokenizers.json(tokenizer)) + tokenizer.roles();
    }

    private static void refused(String what, String file, String key) {
        assertThatThrownBy(() -> Tokenizers.read(JsonFile.parse(file.getBytes(StandardCharsets.UTF_8), "file")))
                .as(what)
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(key)
                .hasMessageContaining("file");
    }

    /// The file with a key of the object in this place set to a value.
    private static String with(Place place, String key, String value) {
        JsonNode root = JsonFile.parse(place.file.getBytes(StandardCharsets.UTF_8), "file")
                .node();
        JsonNode at = root;
        for (Object step : place.path) {
            at = step instanceof Integer i ? ((ArrayNode) at).get(i) : at.get((String) step);
        }
        JsonNode parsed = JsonFile.parse(("{\"v\":" + value + "}").getBytes(StandardCharsets.UTF_8), "value")
                .node()
                .get("v");
        ((ObjectNode) at).set(key, parsed);
        return JsonFile.compact(root);
    }
}
