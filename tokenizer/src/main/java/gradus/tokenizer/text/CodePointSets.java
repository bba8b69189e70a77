package gradus.tokenizer.text;

import java.util.BitSet;

/// Sets of characters, written as ranges.
public final class CodePointSets {
    private CodePointSets() {}

    /// The code points of ranges such as `300-36F 483`: hexadecimal, both ends included, separated by spaces.
    public static BitSet of(String ranges) {
        var set = new BitSet();
        for (String range : ranges.split(" ")) {
            String[] ends = range.split("-");
            set.set(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16) + 1);
        }
        return set;
    }
}
