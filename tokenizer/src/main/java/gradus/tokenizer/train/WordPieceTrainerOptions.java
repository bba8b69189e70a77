package gradus.tokenizer.train;

import gradus.error.TokenizerException;
import gradus.tokenizer.normalize.BertNormalizer;
import gradus.tokenizer.wordpiece.WordPieceRules;
import java.util.List;

/// What a WordPiece vocabulary is to be trained to.
///
/// @param vocabularySize the most tokens: special tokens, the alphabet, merges
/// @param minFrequency a pair that occurs less often is not merged
/// @param specialTokens control tokens, `[UNK]` among them; they take the first ids
/// @param normalizer what is done to the text first
public record WordPieceTrainerOptions(
        int vocabularySize, long minFrequency, List<String> specialTokens, BertNormalizer normalizer) {

    /// BERT's five special tokens and its uncased normalisation.
    public static WordPieceTrainerOptions of(int vocabularySize) {
        return new WordPieceTrainerOptions(
                vocabularySize, 0, List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), BertNormalizer.uncased());
    }

    public WordPieceTrainerOptions {
        BpeTrainerOptions.checkSizes(vocabularySize, minFrequency);
        specialTokens = BpeTrainerOptions.checkSpecials(specialTokens);
        if (normalizer == null) {
            throw new TokenizerException("train: normalizer must be given; got null");
        }
        if (!specialTokens.contains(WordPieceRules.BERT.unkToken())) {
            throw new TokenizerException(
                    "train: specialTokens must hold [UNK], for words that cannot be spelt; got " + specialTokens);
        }
    }

    public WordPieceTrainerOptions withMinFrequency(long value) {
        return new WordPieceTrainerOptions(vocabularySize, value, specialTokens, normalizer);
    }

    public WordPieceTrainerOptions withSpecialTokens(List<String> value) {
        return new WordPieceTrainerOptions(vocabularySize, minFrequency, value, normalizer);
    }

    public WordPieceTrainerOptions withNormalizer(BertNormalizer value) {
        return new WordPieceTrainerOptions(vocabularySize, minFrequency, specialTokens, value);
    }
}
