package gradus.tokenizer.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers distinct byte strings 0, 1, 2 … in the order they come: words of a corpus, tokens of a vocabulary.
///
/// Open addressing over one shared byte array: no object per string, so 10 million words fit, and looking up a slice
/// of a text copies nothing. Expected O(length) per call. For one thread at a time, unless it no longer grows.
public final class ByteStringTable {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private int[] slots; // number + 1, 0 where free; a power of two, at most half full
    private int[] hashes;
    private int[] ends; // string n is bytes[ends[n-1], ends[n])
    private byte[] bytes;
    private int size;

    public ByteStringTable(int expected) {
        int capacity = Math.max(8, Integer.highestOneBit(expected) << 2);
        slots = new int[capacity];
        hashes = new int[capacity / 2];
        ends = new int[capacity / 2];
        bytes = new byte[capacity * 4];
    }

    public int size() {
        return size;
    }

    int byteCount() {
        return size == 0 ? 0 : ends[size - 1];
    }

    /// The number of the string, or -1.
    public int find(byte[] text, int from, int to) {
        return find(text, from, to, hash(text, from, to));
    }

    public int find(byte[] text) {
        return find(text, 0, text.length);
    }

    private int find(byte[] text, int from, int to, int hash) {
        for (int slot = hash & slots.length - 1; slots[slot] != 0; slot = slot + 1 & slots.length - 1) {
            int n = slots[slot] - 1;
            if (hashes[n] == hash && Arrays.equals(bytes, start(n), ends[n], text, from, to)) {
                return n;
            }
        }
        return -1;
    }

    /// The number of the string, which is added if it is new.
    public int add(byte[] text, int from, int to) {
        int hash = hash(text, from, to);
        int known = find(text, from, to, hash);
        return known >= 0 ? known : append(text, from, to, hash);
    }

    public int add(byte[] text) {
        return add(text, 0, text.length);
    }

    private int append(byte[] text, int from, int to, int hash) {
        if (size == hashes.length) {
            grow();
        }
        int start = byteCount();
        int end = Math.addExact(start, to - from);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(end, bytes.length * 3L / 2)));
        }
        System.arraycopy(text, from, bytes, start, to - from);
        ends[size] = end;
        hashes[size] = hash;
        insert(size);
        return size++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(slots.length, 2);
        slots = new int[capacity];
        hashes = Arrays.copyOf(hashes, capacity / 2);
        ends = Arrays.copyOf(ends, capacity / 2);
        for (int n = 0; n < size; n++) {
            insert(n);
        }
    }

    private void insert(int n) {
        int slot = hashes[n] & slots.length - 1;
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = n + 1;
    }

    public void clear() {
        Arrays.fill(slots, 0);
        size = 0;
    }

    private int start(int n) {
        return n == 0 ? 0 : ends[n - 1];
    }

    int length(int n) {
        return ends[n] - start(n);
    }

    /// A copy of string n.
    public byte[] get(int n) {
        return Arrays.copyOfRange(bytes, start(n), ends[n]);
    }

    /// Eight bytes at a time, each folded in by a multiplication whose high bits come down again.
    private static int hash(byte[] b, int from, int to) {
        long h = (to - from) * 0x9E3779B97F4A7C15L;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            h = mix(h ^ (long) LONG.get(b, i));
        }
        if (i < to) {
            long tail = 0;
            for (; i < to; i++) {
                tail = tail << 8 | b[i] & 0xFF;
            }
            h = mix(h ^ tail);
        }
        return (int) (h ^ h >>> 32);
    }

    private static long mix(long h) {
        h *= 0xD6E8FEB86659FD93L;
        return h ^ h >>> 32;
    }
}
