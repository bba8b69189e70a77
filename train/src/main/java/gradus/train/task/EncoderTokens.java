package gradus.train.task;

import gradus.error.DataException;
import gradus.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;

/// The tokens that an encoder needs beside those of words: `[CLS]` begins a sequence, `[SEP]` ends a text,
/// `[MASK]` hides a token, `[PAD]` fills a shorter sequence up. Devlin et al. 2018, arXiv:1810.04805.
///
/// @param cls      the id of `[CLS]`
/// @param sep      the id of `[SEP]`
/// @param mask     the id of `[MASK]`
/// @param pad      the id of `[PAD]`
/// @param specials the ids of all control tokens, these four among them
/// @param words    all other ids that have a token, rising
public record EncoderTokens(int cls, int sep, int mask, int pad, Set<Integer> specials, int[] words) {

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

    /// `[CLS] text [SEP]`, the text cut where it is too long.
    ///
    /// @param length the most tokens, at least 3
    public int[] frame(int[] text, int length) {
        int kept = Math.min(text.length, length - 2);
        int[] framed = new int[kept + 2];
        framed[0] = cls;
        System.arraycopy(text, 0, framed, 1, kept);
        framed[kept + 1] = sep;
        return framed;
    }

    /// Whether a token stands for a word or a part of one.
    public boolean isWord(int id) {
        return Arrays.binarySearch(words, id) >= 0;
    }
}
