package gradus.tokenizer.format.config;

import gradus.tokenizer.json.KnownKeys;
import java.util.List;

/// What is done with every key of tokenizer_config.json and of the files that stand beside it in older folders.
/// Source: huggingface/transformers, `PreTrainedTokenizerBase` and the tokenizers' own constructors.
///
/// Besides these, any key that ends in `_token` and holds a token gives a role to it, as in transformers.
public final class TokenizerConfigKeys {
    /// The roles that all models share, in transformers' order.
    public static final String[] ROLES = {
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"
    };

    private static final String SENTENCE_PIECE = "the tokenizer.json says it in full";
    private static final String[] LOADING = {
        "name_or_path",
        "tokenizer_file",
        "vocab_file",
        "merges_file",
        "special_tokens_map_file",
        "tokenizer_type",
        "processor_class",
        "auto_map",
        "use_fast",
        "from_slow",
        "backend",
        "is_local",
        "local_files_only",
        "init_inputs",
        "verbose",
        "device_map",
        "transformers_version"
    };

    public static final KnownKeys CONFIG = KnownKeys.of("a tokenizer_config.json")
            .obeyed(ROLES)
            .obeyed("tokenizer_class", "added_tokens_decoder", "additional_special_tokens", "extra_special_tokens")
            .obeyed("model_specific_special_tokens")
            .obeyed("add_bos_token", "add_eos_token", "chat_template")
            .obeyed("padding_side", "truncation_side")
            // of byte-level BPE and of BERT
            .obeyed("add_prefix_space", "do_lower_case", "strip_accents", "tokenize_chinese_chars", "never_split")
            .only("do_basic_tokenize", "text is always cut at white space and punctuation", true)
            .only("wordpieces_prefix", "pieces inside a word begin with ##", "##")
            .only("clean_text", "control characters are always dropped", true)
            .only("split_special_tokens", "whether special tokens are looked for is said where text is encoded", false)
            .harmless(
                    "it bounds or pads what a caller asks for; encoding one text alone does neither",
                    "model_max_length",
                    "max_len",
                    "max_length",
                    "stride",
                    "truncation_strategy",
                    "pad_to_multiple_of",
                    "pad_token_type_id",
                    "padding")
            .harmless("which inputs a model takes is the model's affair", "model_input_names")
            .harmless("it touches decoded text only, never ids", "clean_up_tokenization_spaces", "errors")
            .harmless(
                    "it touches decoded text only, never ids",
                    "spaces_between_special_tokens",
                    "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output")
            .harmless("it moves positions in the text, which are not given out", "trim_offsets")
            .harmless("what a call returns beside the ids", "return_token_type_ids", "return_attention_mask")
            .harmless("it tells how and whence transformers loaded or saved the folder", LOADING)
            .harmless("the language model's answer is not parsed", "response_template", "response_schema")
            .harmless("a chat template of one model's own library", "use_default_system_prompt")
            // of SentencePiece's classes; the tokenizer.json beside them says the same in full
            .harmless(SENTENCE_PIECE, "legacy", "sp_model_kwargs", "add_dummy_prefix", "remove_space", "keep_accents")
            .harmless(SENTENCE_PIECE, "extra_ids", "spiece_model_file", "sp_model_file", "unk_id");

    static final KnownKeys ADDED_TOKEN = KnownKeys.of("an added token")
            .obeyed("content", "single_word", "lstrip", "rstrip", "normalized", "special")
            .only("__type", "it says that this is an added token", "AddedToken")
            .harmless("the id is the key", "id");

    public static final KnownKeys SPECIAL_TOKENS_MAP = KnownKeys.of("a special_tokens_map.json")
            .obeyed(ROLES)
            .obeyed("additional_special_tokens", "extra_special_tokens");

    static final KnownKeys NAMED_TEMPLATE =
            KnownKeys.of("a named chat template").obeyed("name", "template");
    static final KnownKeys TEMPLATE_FILE = KnownKeys.of("a chat_template.json").obeyed("chat_template");

    /// Whether the key gives a role to a token: one of the common ones, or one of the model's own
    /// (`image_token`).
    static boolean isRole(String key) {
        return key.endsWith("_token") && !CONFIG.rules().containsKey(key)
                || List.of(ROLES).contains(key);
    }

    private TokenizerConfigKeys() {}
}
