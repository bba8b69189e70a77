package gradus.train.task;

import gradus.error.DataException;
import java.util.Arrays;

/// The texts of a sequence of tokens, between which stands `[SEP]`, each as `[CLS] text [SEP]`.
public final class Texts {
    private final Tokens tokens;
    private final EncoderTokens kinds;
    private final int length;
    private long[] starts = new long[16];
    private int[] sizes = new int[16];
    private int count;

    /// @param length the most tokens of a framed text; longer ones are cut
    /// @throws DataException if the length is below 3
    public Texts(Tokens tokens, EncoderTokens kinds, int length) {
        this(tokens, kinds, length, false);
    }

    private Texts(Tokens tokens, EncoderTokens kinds, int length, boolean every) {
        if (length < 3) {
            throw new DataException("a context of %s has no place for [CLS], a token and [SEP]; it must be at least 3"
                    .formatted(length));
        }
        this.tokens = tokens;
        this.kinds = kinds;
        this.length = length;
        long[] open = {0};
        boolean[] readable = {every};
        tokens.forEachChunk((from, ids) -> {
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] == kinds.sep()) {
                    add(open[0], from + i, readable[0]);
                    open[0] = from + i + 1;
                    readable[0] = every;
                } else if (from + i - open[0] < length - 2) {
                    readable[0] |= !kinds.specials().contains(ids[i]);
                }
            }
        });
        add(open[0], tokens.size(), readable[0] && open[0] < tokens.size());
    }

    /// Those without a word too, so that the place of a text says what it belongs to.
    public static Texts every(Tokens tokens, EncoderTokens kinds, int length) {
        return new Texts(tokens, kinds, length, true);
    }

    private void add(long from, long to, boolean readable) {
        if (!readable) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
        }
        starts[count] = from;
        sizes[count] = (int) Math.min(to - from, length - 2L);
        count++;
    }

    /// How many there are; those without a word do not count, as nothing in them can be hidden, unless every
    /// text was asked for.
    public int count() {
        return count;
    }

    /// One of them, framed.
    public int[] at(int text) {
        return kinds.frame(tokens.read(starts[text], sizes[text]), length);
    }
}
