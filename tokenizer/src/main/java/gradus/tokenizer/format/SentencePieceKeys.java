package gradus.tokenizer.format;

import gradus.tokenizer.json.KnownKeys;

/// What is done with each key of those objects of a tokenizer.json that only SentencePiece-style tokenizers
/// have.
final class SentencePieceKeys {
    private static final String OLD = "older files repeat there what `replacement` says";

    static final KnownKeys BPE = KnownKeys.of("a BPE model")
            .obeyed(
                    "type",
                    "vocab",
                    "merges",
                    "unk_token",
                    "fuse_unk",
                    "byte_fallback",
                    "ignore_merges",
                    "sentencepiece")
            .only("dropout", "it leaves merges out at random", 0.0)
            .only("continuing_subword_prefix", "pieces tell the beginning of words by ▁", "")
            .only("end_of_word_suffix", "pieces tell the beginning of words by ▁", "");

    static final KnownKeys UNIGRAM =
            KnownKeys.of("a Unigram model").obeyed("type", "vocab", "unk_id", "byte_fallback", "sentencepiece");

    static final KnownKeys SEQUENCE_OF_NORMALIZERS =
            KnownKeys.of("a Sequence of normalizers").obeyed("type", "normalizers");
    static final KnownKeys PREPEND = KnownKeys.of("a Prepend normalizer").obeyed("type", "prepend");
    static final KnownKeys REPLACE = KnownKeys.of("a Replace").obeyed("type", "pattern", "content");
    static final KnownKeys PATTERN = KnownKeys.of("a pattern").obeyed("String", "Regex");
    static final KnownKeys PRECOMPILED =
            KnownKeys.of("a Precompiled normalizer").obeyed("type", "precompiled_charsmap");
    static final KnownKeys STRIP = KnownKeys.of("a Strip normalizer").obeyed("type", "strip_left", "strip_right");
    static final KnownKeys TYPE_ALONE = KnownKeys.of("a step without settings").obeyed("type");

    static final KnownKeys SEQUENCE_OF_SPLITS =
            KnownKeys.of("a Sequence of pre-tokenizers").obeyed("type", "pretokenizers");
    static final KnownKeys SPLIT =
            KnownKeys.of("a Split pre-tokenizer").obeyed("type", "pattern", "behavior", "invert");
    static final KnownKeys METASPACE = KnownKeys.of("a Metaspace")
            .obeyed("type", "replacement", "prepend_scheme", "add_prefix_space", "split")
            .harmless(OLD, "str_rep");

    static final KnownKeys SEQUENCE_OF_DECODERS =
            KnownKeys.of("a Sequence of decoders").obeyed("type", "decoders");
    static final KnownKeys STRIP_DECODER = KnownKeys.of("a Strip decoder")
            .obeyed("type", "content", "start")
            .only("stop", "a stream does not know its end before it comes", 0);

    static final KnownKeys SPEC = KnownKeys.of("what SentencePiece's own file says")
            .obeyed(
                    "dialect",
                    "add_dummy_prefix",
                    "remove_extra_whitespaces",
                    "escape_whitespaces",
                    "types",
                    "in_text",
                    "scores");

    private SentencePieceKeys() {}
}
