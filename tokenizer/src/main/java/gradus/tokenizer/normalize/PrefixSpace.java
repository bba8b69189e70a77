package gradus.tokenizer.normalize;

/// Where a byte-level BPE puts a space before what starts with none, so that a word is the same token at the
/// beginning as inside a text (`add_prefix_space`).
public enum PrefixSpace {
    /// Nowhere: GPT-2, Llama 3, Qwen2 as published.
    NONE,
    /// Before each stretch of text between added tokens: GPT-2's and RoBERTa's `add_prefix_space`.
    TEXT,
    /// Before each pre-token: what `add_prefix_space` comes to where a Split has cut the text already (Qwen2's).
    PIECE
}
