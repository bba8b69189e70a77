package gradus.train.generate.constrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/// A set of characters, and the UTF-8 bytes that spell one of them.
///
/// **Threads.** Immutable.
final class CodePoints {
    static final int LAST = Character.MAX_CODE_POINT;

    /// Every character; half a surrogate pair is none.
    static final CodePoints ALL = where(c -> true);

    private final BitSet set;

    private CodePoints(BitSet set) {
        this.set = set;
        set.clear(Character.MIN_SURROGATE, Character.MAX_SURROGATE + 1);
    }

    static CodePoints range(int from, int to) {
        BitSet set = new BitSet();
        set.set(from, to + 1);
        return new CodePoints(set);
    }

    static CodePoints of(int... each) {
        BitSet set = new BitSet();
        for (int c : each) {
            set.set(c);
        }
        return new CodePoints(set);
    }

    static CodePoints where(IntPredicate holds) {
        BitSet set = new BitSet(LAST + 1);
        for (int c = 0; c <= LAST; c++) {
            set.set(c, holds.test(c));
        }
        return new CodePoints(set);
    }

    CodePoints or(CodePoints other) {
        BitSet both = (BitSet) set.clone();
        both.or(other.set);
        return new CodePoints(both);
    }

    CodePoints without(CodePoints other) {
        BitSet left = (BitSet) set.clone();
        left.andNot(other.set);
        return new CodePoints(left);
    }

    boolean contains(int c) {
        return set.get(c);
    }

    /// The only one, or -1 where there are none or several.
    int only() {
        return set.cardinality() == 1 ? set.nextSetBit(0) : -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints points && points.set.equals(set);
    }

    @Override
    public int hashCode() {
        return set.hashCode();
    }

    /// The UTF-8 of one of them.
    Regex utf8() {
        List<List<Regex>> sequences = new ArrayList<>();
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from) - 1;
            utf8(from, to, sequences);
            from = set.nextSetBit(to + 1);
        }
        return tree(sequences);
    }

    /// Sequences that begin alike share their beginning.
    private static Regex tree(List<List<Regex>> sequences) {
        Map<Regex, List<List<Regex>>> behind = new LinkedHashMap<>();
        for (List<Regex> each : sequences) {
            if (each.isEmpty()) {
                return Regex.EMPTY; // no character's UTF-8 is the beginning of another's
            }
            behind.computeIfAbsent(each.getFirst(), first -> new ArrayList<>()).add(each.subList(1, each.size()));
        }
        List<Regex> either = new ArrayList<>();
        behind.forEach((first, rest) -> either.add(Regex.concat(first, tree(rest))));
        return Regex.or(either);
    }

    /// A range of characters in sequences of ranges of bytes: cut where the length of the UTF-8 changes, and
    /// then until, from some byte on, every continuation from 80 to BF is in it.
    private static void utf8(int from, int to, List<List<Regex>> into) {
        for (int last : new int[] {0x7F, 0x7FF, 0xFFFF}) {
            if (from <= last && last < to) {
                utf8(from, last, into);
                utf8(last + 1, to, into);
                return;
            }
        }
        for (int bits = 6; bits <= 18 && to > 0x7F; bits += 6) {
            int mask = (1 << bits) - 1;
            if ((from & ~mask) != (to & ~mask)) {
                if ((from & mask) != 0) {
                    utf8(from, from | mask, into);
                    utf8((from | mask) + 1, to, into);
                    return;
                }
                if ((to & mask) != mask) {
                    utf8(from, (to & ~mask) - 1, into);
                    utf8(to & ~mask, to, into);
                    return;
                }
            }
        }
        int length = to <= 0x7F ? 1 : to <= 0x7FF ? 2 : to <= 0xFFFF ? 3 : 4;
        List<Regex> sequence = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            sequence.add(Regex.bytes(unit(from, i, length), unit(to, i, length)));
        }
        into.add(sequence);
    }

    /// Byte i of the UTF-8 of a character.
    private static int unit(int c, int i, int length) {
        if (length == 1) {
            return c;
        }
        int shifted = c >> (6 * (length - 1 - i));
        return i == 0 ? (0xF00 >> length & 0xFF | shifted) : 0x80 | shifted & 0x3F;
    }

    /// A text as it is.
    static Regex literal(String text) {
        return Regex.concat(text.codePoints().mapToObj(c -> of(c).utf8()).toList());
    }
}
