package gradus.tokenizer.sentencepiece;

/// What a tokenizer that came from SentencePiece's own file, or from a GGUF file, keeps beside Hugging Face's
/// rules: its ids are decided by these.
///
/// @param model   the vocabulary as that file tells it
/// @param dialect whose rules decide where the two libraries differ
public record SentencePieceSpec(SentencePieceModel model, Dialect dialect) {

    /// The two libraries that read the same vocabulary in slightly different ways.
    public enum Dialect {
        /// google/sentencepiece: user-defined symbols are part of the text and never merged; sums of scores are
        /// float32.
        SENTENCEPIECE,
        /// llama.cpp: user-defined symbols cut the text like control tokens; sums of scores are float64.
        LLAMA_CPP
    }
}
