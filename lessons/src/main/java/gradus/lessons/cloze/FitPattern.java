package gradus.lessons.cloze;

import java.util.Arrays;

/// A text cut so that it fits its pattern.
public final class FitPattern {
    private FitPattern() {}

    /// A cloze is made of parts in order: some belong to the pattern, such as the words around the gap, the
    /// mask and the special tokens, and some to the text. All of them joined may be at most `room` tokens
    /// long. If they are longer, tokens are taken away one by one, until they fit: each time the **last**
    /// token of the part that is the **longest** at that moment among those that may be shortened, and of
    /// several equally long ones of the **last** of these.
    ///
    /// Parts that may not be shortened stay whole. If the rest is too long even without all others, that is
    /// refused with an [IllegalArgumentException].
    ///
    /// @param parts   one or more; a part may be empty
    /// @param shorten for each part whether it may be shortened
    /// @return the tokens of all parts, joined in order
    public static int[] fit(int[][] parts, boolean[] shorten, int room) {
        // --- your answer
        int[][] kept = parts.clone();
        while (Arrays.stream(kept).mapToInt(part -> part.length).sum() > room) {
            int longest = -1;
            for (int i = 0; i < kept.length; i++) {
                if (shorten[i] && (longest < 0 || kept[i].length >= kept[longest].length)) {
                    longest = i;
                }
            }
            if (longest < 0 || kept[longest].length == 0) {
                throw new IllegalArgumentException("the pattern alone is longer than " + room);
            }
            kept[longest] = Arrays.copyOf(kept[longest], kept[longest].length - 1);
        }
        return Arrays.stream(kept).flatMapToInt(Arrays::stream).toArray();
        // ---
    }
}
