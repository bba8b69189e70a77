package gradus.tokenizer.wordpiece;

import gradus.error.TokenizerException;

/// How WordPiece reads and writes text, apart from its vocabulary. Names are tokenizer.json's.
///
/// @param unkToken stands for a word that cannot be spelt
/// @param continuingSubwordPrefix marks pieces inside a word
/// @param maxInputCharsPerWord longer words, in code points, are unk
/// @param cleanup whether decoding takes away the space before punctuation and contractions
public record WordPieceRules(
        String unkToken, String continuingSubwordPrefix, int maxInputCharsPerWord, boolean cleanup) {
    /// BERT's.
    public static final WordPieceRules BERT = new WordPieceRules("[UNK]", "##", 100, true);

    public WordPieceRules {
        if (maxInputCharsPerWord <= 0) {
            throw new TokenizerException("max_input_chars_per_word must be positive; got " + maxInputCharsPerWord);
        }
    }
}
