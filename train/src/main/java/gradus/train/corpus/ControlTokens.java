package gradus.train.corpus;

import gradus.error.DataException;
import gradus.tokenizer.Tokenizer;
import gradus.train.task.EncoderTokens;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;

/// Finds the control tokens of an encoder among a tokenizer's.
public final class ControlTokens {
    private ControlTokens() {}

    /// @throws DataException if the tokenizer lacks one of the four, or has no token for words
    public static EncoderTokens of(Tokenizer tokenizer) {
        Set<Integer> specials = new LinkedHashSet<>();
        tokenizer.specialTokens().forEach(token -> specials.add(tokenizer.tokenToId(token)));
        int[] words = IntStream.range(0, tokenizer.vocabularySize())
                .filter(id -> tokenizer.hasToken(id) && !specials.contains(id))
                .toArray();
        if (words.length == 0) {
            throw new DataException("the %s tokenizer has control tokens only".formatted(tokenizer.name()));
        }
        return new EncoderTokens(
                special(tokenizer, "[CLS]"),
                special(tokenizer, "[SEP]"),
                special(tokenizer, "[MASK]"),
                special(tokenizer, "[PAD]"),
                specials,
                words);
    }

    private static int special(Tokenizer tokenizer, String token) {
        if (!tokenizer.specialTokens().contains(token)) {
            throw new DataException(
                    "an encoder needs the control tokens [CLS], [SEP], [MASK] and [PAD]; the %s tokenizer has no %s"
                            .formatted(tokenizer.name(), token));
        }
        return tokenizer.tokenToId(token);
    }
}
