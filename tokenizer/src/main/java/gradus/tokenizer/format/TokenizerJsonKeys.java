package gradus.tokenizer.format;

import gradus.tokenizer.json.KnownKeys;

/// What the reader of tokenizer.json does with every key of every object in it that it reads. Source:
/// huggingface/tokenizers, the `Serialize` of each part.
final class TokenizerJsonKeys {
    private static final String OFFSETS = "it moves positions in the text, which are not given out";

    static final KnownKeys ROOT = KnownKeys.of("a tokenizer.json")
            .obeyed(
                    "version",
                    "truncation",
                    "padding",
                    "added_tokens",
                    "normalizer",
                    "pre_tokenizer",
                    "post_processor",
                    "decoder",
                    "model");
    static final KnownKeys ADDED_TOKEN = KnownKeys.of("an added token")
            .obeyed("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
    static final KnownKeys TRUNCATION = KnownKeys.of("truncation")
            .obeyed("direction", "max_length", "stride")
            .only("strategy", "texts are cut longest first", "LongestFirst");
    static final KnownKeys PADDING = KnownKeys.of("padding")
            .obeyed("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token");
    static final KnownKeys FIXED_PADDING = KnownKeys.of("padding's strategy").obeyed("Fixed");

    // normalizers
    static final KnownKeys NFC = KnownKeys.of("an NFC normalizer").obeyed("type");
    static final KnownKeys BERT_NORMALIZER = KnownKeys.of("a BertNormalizer")
            .obeyed("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");

    // pre-tokenizers
    static final KnownKeys BYTE_LEVEL = KnownKeys.of("a ByteLevel pre-tokenizer")
            .obeyed("type", "add_prefix_space", "use_regex")
            .harmless(OFFSETS, "trim_offsets");
    static final KnownKeys SPLIT = KnownKeys.of("a Split").obeyed("type", "pattern", "behavior", "invert");
    static final KnownKeys PATTERN = KnownKeys.of("a Split's pattern")
            .obeyed("Regex")
            .refused("it cuts at a fixed text; only published patterns are read", "String");
    static final KnownKeys BERT_PRE_TOKENIZER =
            KnownKeys.of("a BertPreTokenizer").obeyed("type");

    // post-processors
    static final KnownKeys BYTE_LEVEL_PROCESSOR = KnownKeys.of("a ByteLevel post-processor")
            .obeyed("type")
            .harmless(OFFSETS, "add_prefix_space", "trim_offsets", "use_regex");
    static final KnownKeys TEMPLATE =
            KnownKeys.of("a TemplateProcessing").obeyed("type", "single", "pair", "special_tokens");
    static final KnownKeys TEMPLATE_PART = KnownKeys.of("a part of a template").obeyed("SpecialToken", "Sequence");
    static final KnownKeys TEMPLATE_TOKEN =
            KnownKeys.of("a token or sequence of a template").obeyed("id", "type_id");
    static final KnownKeys TEMPLATE_SPECIAL = KnownKeys.of("a template's special token")
            .obeyed("ids", "tokens")
            .harmless("it repeats the name that the token stands under", "id");
    static final KnownKeys BERT_PROCESSING = KnownKeys.of("a BertProcessing").obeyed("type", "sep", "cls");
    static final KnownKeys ROBERTA_PROCESSING = KnownKeys.of("a RobertaProcessing")
            .obeyed("type", "sep", "cls")
            .harmless(OFFSETS, "trim_offsets", "add_prefix_space");

    // decoders
    static final KnownKeys BYTE_LEVEL_DECODER = KnownKeys.of("a ByteLevel decoder")
            .obeyed("type")
            .harmless("a decoder has no use for it", "add_prefix_space", "trim_offsets", "use_regex");
    static final KnownKeys WORD_PIECE_DECODER =
            KnownKeys.of("a WordPiece decoder").obeyed("type", "prefix", "cleanup");
    static final KnownKeys FUSE = KnownKeys.of("a Fuse decoder").obeyed("type");

    // models
    static final KnownKeys BYTE_LEVEL_BPE = KnownKeys.of("a byte-level BPE")
            .obeyed("type", "vocab", "merges", "unk_token", "fuse_unk", "ignore_merges")
            .only("dropout", "merges are never left out at random", 0.0)
            .only("continuing_subword_prefix", "bytes are spelt without marks", "")
            .only("end_of_word_suffix", "bytes are spelt without marks", "")
            .only("byte_fallback", "all bytes are tokens already, <0xNN> pieces are not read", false);
    static final KnownKeys WORD_PIECE = KnownKeys.of("a WordPiece")
            .obeyed("type", "vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word");
    static final KnownKeys WORD_LEVEL = KnownKeys.of("a WordLevel")
            .obeyed("type", "vocab")
            .harmless("a character that is not in the vocabulary is an error here", "unk_token");

    /// A list of normalizers, pre-tokenizers, post-processors or decoders, the list being under `name`.
    static KnownKeys sequence(String name) {
        return KnownKeys.of("a Sequence").obeyed("type", name);
    }

    private TokenizerJsonKeys() {}
}
