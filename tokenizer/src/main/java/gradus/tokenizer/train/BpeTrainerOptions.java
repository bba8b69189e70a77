package gradus.tokenizer.train;

import gradus.error.TokenizerException;
import gradus.tokenizer.bpe.ByteAlphabet;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.normalize.Normalizer;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.pretokenize.PreTokenizer;
import java.util.HashSet;
import java.util.List;

/// What a byte-level BPE is to be trained to.
///
/// @param vocabularySize the most tokens: special tokens, 256 bytes, merges
/// @param minFrequency a pair that occurs less often is not merged
/// @param specialTokens control tokens, which take the first ids and cut the corpus where their text occurs
/// @param preTokenizer cuts the text
/// @param normalizer what is done to the text first
/// @param tieRule which of equally frequent pairs goes first
public record BpeTrainerOptions(
        int vocabularySize,
        long minFrequency,
        List<String> specialTokens,
        PreTokenizer preTokenizer,
        Normalizer normalizer,
        TieRule tieRule) {

    /// GPT-2's pre-tokens, `<|endoftext|>`, Hugging Face's ties, every pair that occurs.
    public static BpeTrainerOptions of(int vocabularySize) {
        return new BpeTrainerOptions(
                vocabularySize,
                0,
                List.of("<|endoftext|>"),
                new Gpt2PreTokenizer(),
                new NoNormalizer(),
                new HuggingFaceTies());
    }

    public BpeTrainerOptions {
        checkSizes(vocabularySize, minFrequency);
        specialTokens = checkSpecials(specialTokens);
        if (preTokenizer == null || normalizer == null || tieRule == null) {
            throw new TokenizerException("train: preTokenizer, normalizer and tieRule must be given; got null");
        }
        int least = 256 + specialTokens.size();
        if (vocabularySize < least) {
            throw new TokenizerException("train: vocabularySize must be at least " + least + " (256 bytes and "
                    + specialTokens.size() + " special tokens); got " + vocabularySize);
        }
    }

    static void checkSizes(int vocabularySize, long minFrequency) {
        if (vocabularySize <= 0) {
            throw new TokenizerException("train: vocabularySize must be positive; got " + vocabularySize);
        }
        if (minFrequency < 0) {
            throw new TokenizerException("train: minFrequency must be at least 0; got " + minFrequency);
        }
    }

    static List<String> checkSpecials(List<String> specialTokens) {
        if (specialTokens == null) {
            throw new TokenizerException("train: specialTokens must be a list; got null");
        }
        var seen = new HashSet<String>();
        for (String token : specialTokens) {
            if (token == null || token.isEmpty()) {
                throw new TokenizerException("train: a special token must have a text");
            }
            if (token.length() == 1 && ByteAlphabet.byteOf(token.charAt(0)) >= 0) {
                throw new TokenizerException("train: the special token '" + token + "' is the symbol of a byte; give it"
                        + " a name of its own, as <|endoftext|>");
            }
            if (!seen.add(token)) {
                throw new TokenizerException("train: the special token '" + token + "' is there twice");
            }
        }
        return List.copyOf(specialTokens);
    }

    public BpeTrainerOptions withMinFrequency(long value) {
        return new BpeTrainerOptions(vocabularySize, value, specialTokens, preTokenizer, normalizer, tieRule);
    }

    public BpeTrainerOptions withSpecialTokens(List<String> value) {
        return new BpeTrainerOptions(vocabularySize, minFrequency, value, preTokenizer, normalizer, tieRule);
    }

    public BpeTrainerOptions withPreTokenizer(PreTokenizer value) {
        return new BpeTrainerOptions(vocabularySize, minFrequency, specialTokens, value, normalizer, tieRule);
    }

    public BpeTrainerOptions withNormalizer(Normalizer value) {
        return new BpeTrainerOptions(vocabularySize, minFrequency, specialTokens, preTokenizer, value, tieRule);
    }

    public BpeTrainerOptions withTieRule(TieRule value) {
        return new BpeTrainerOptions(vocabularySize, minFrequency, specialTokens, preTokenizer, normalizer, value);
    }
}
