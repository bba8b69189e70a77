package gradus.tokenizer.sentencepiece;

import gradus.error.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/// A prefix tree packed into one array of ints, where a child is found by one exclusive or: Aoe 1989; the layout
/// is that of the `darts-clone` library, which SentencePiece stores its rules in.
///
/// A node is a place in the array. The child of place `p` along the byte `c` is `p ^ c`, and it is there if the
/// unit at that place carries the label `c`. Each unit is
///
/// | bits | meaning |
/// |---|---|
/// | 0–7 | label: the byte that leads here |
/// | 8 | whether a key ends here; its value then stands at the children's place |
/// | 10–30 | offset to the children's place, shifted by 8 more if bit 9 is set |
/// | 31 | set in a unit that holds a value |
///
/// Looking a key up costs O(length).
final class DoubleArray {
    /// Nothing found.
    static final long NONE = -1;

    private final int[] units;

    /// @param valueLimit values must lie below it
    /// @throws TokenizerException if the array is no tree, a link leaves it, or a key ends inside a character
    DoubleArray(ByteBuffer bytes, int valueLimit) {
        if (bytes.remaining() == 0 || bytes.remaining() % 4 != 0) {
            throw new TokenizerException(
                    "the charsmap's tree must be of 4-byte units; got " + bytes.remaining() + " bytes");
        }
        units = new int[bytes.remaining() / 4];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(units);
        check(valueLimit);
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >>> 6);
    }

    private static int label(int unit) {
        return unit & (1 << 31 | 0xFF);
    }

    private static boolean isEnd(int unit) {
        return (unit >>> 8 & 1) != 0;
    }

    /// Follows every branch once; equal endings of keys may share their branch. What comes out well can be
    /// searched without fear.
    private void check(int valueLimit) {
        byte[] reached = new byte[units.length]; // 0: not yet; else 1 + bytes that the begun character still lacks
        var open = new ArrayDeque<int[]>(); // children's place, bytes lacking
        open.push(new int[] {offset(units[0]), 0});
        while (!open.isEmpty()) {
            int[] node = open.pop();
            for (int c = 1; c < 256; c++) {
                int place = node[0] ^ c;
                if (place >= units.length || label(units[place]) != c) {
                    continue;
                }
                int lacks = lacks(node[1], c);
                if (reached[place] == lacks + 1) {
                    continue;
                }
                int children = place ^ offset(units[place]);
                boolean isEnd = isEnd(units[place]);
                if (reached[place] != 0
                        || isEnd && (lacks != 0 || children >= units.length || value(children) >= valueLimit)) {
                    throw broken();
                }
                reached[place] = (byte) (lacks + 1);
                open.push(new int[] {children, lacks});
            }
        }
    }

    /// How many bytes the character still lacks after this one.
    private static int lacks(int before, int c) {
        boolean continues = (c & 0xC0) == 0x80;
        if (before > 0 != continues) {
            throw broken();
        }
        return before > 0 ? before - 1 : c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
    }

    private static TokenizerException broken() {
        return new TokenizerException("the charsmap is broken: its tree has a branch that leads nowhere");
    }

    private int value(int place) {
        return units[place] & Integer.MAX_VALUE;
    }

    /// The longest key that `text[from, to)` starts with, as `length << 32 | value`, or NONE.
    long longest(byte[] text, int from, int to) {
        return search(text, from, to, false);
    }

    /// The shortest such key.
    long shortest(byte[] text, int from, int to) {
        return search(text, from, to, true);
    }

    private long search(byte[] text, int from, int to, boolean shortest) {
        long found = NONE;
        int node = offset(units[0]);
        for (int i = from; i < to; i++) {
            int c = text[i] & 0xFF;
            int place = node ^ c;
            if (place >= units.length || label(units[place]) != c || c == 0) {
                break;
            }
            node = place ^ offset(units[place]);
            if (isEnd(units[place])) {
                found = (long) (i + 1 - from) << 32 | value(node);
                if (shortest) {
                    break;
                }
            }
        }
        return found;
    }
}
