package gradus.train.task;

import java.util.Arrays;
import java.util.Set;

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
