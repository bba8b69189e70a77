package gradus.tokenizer;

import gradus.error.TokenizerException;
import java.util.Arrays;

/// Cuts inputs that are too long for a model. Of two texts the longer is cut first, until both fit.
///
/// @param maxLength the most ids, the template's included
/// @param stride how many ids overlapping windows share; kept for the file, Gradus returns the first window only
/// @param fromLeft whether the beginning goes, rather than the end
public record Truncation(int maxLength, int stride, boolean fromLeft) {
    public Truncation {
        if (maxLength <= 0) {
            throw new TokenizerException("truncation: max_length must be positive; got " + maxLength);
        }
        if (stride < 0 || stride >= maxLength) {
            throw new TokenizerException("truncation: stride must be at least 0 and below max_length; got stride="
                    + stride + ", max_length=" + maxLength);
        }
    }

    /// The texts' ids cut so that `specials` more fit; `second` may be null.
    int[][] apply(int[] first, int[] second, int specials) {
        int room = Math.max(0, maxLength - specials);
        if (second == null) {
            return new int[][] {keep(first, room), null};
        }
        int shorter = Math.min(first.length, second.length);
        int longer = Math.max(first.length, second.length);
        if (shorter + longer > room) {
            longer = shorter > room ? shorter : Math.max(shorter, room - shorter);
            if (shorter + longer > room) {
                shorter = room / 2;
                longer = room - shorter;
            }
        }
        boolean firstIsShorter = first.length <= second.length;
        return new int[][] {
            keep(first, firstIsShorter ? shorter : longer), keep(second, firstIsShorter ? longer : shorter)
        };
    }

    private int[] keep(int[] ids, int most) {
        if (ids.length <= most) {
            return ids;
        }
        return fromLeft ? Arrays.copyOfRange(ids, ids.length - most, ids.length) : Arrays.copyOf(ids, most);
    }
}
