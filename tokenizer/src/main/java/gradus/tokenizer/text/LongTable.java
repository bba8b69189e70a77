package gradus.tokenizer.text;

import java.util.Arrays;

/// A map from non-negative longs to longs without an object per entry: pairs of ids to what is known of them.
/// Open addressing, at most half full; expected O(1).
public final class LongTable {
    private static final long FREE = -1;

    private long[] keys;
    private long[] values;
    private int size;

    public LongTable(int expected) {
        int capacity = Math.max(16, Integer.highestOneBit(expected) << 2);
        keys = new long[capacity];
        values = new long[capacity];
        Arrays.fill(keys, FREE);
    }

    /// Two ids as one key.
    public static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    public int size() {
        return size;
    }

    /// The key's value, or -1.
    public long get(long key) {
        int slot = slot(key);
        while (keys[slot] != key) {
            if (keys[slot] == FREE) {
                return -1;
            }
            slot = slot + 1 & keys.length - 1;
        }
        return values[slot];
    }

    public void put(long key, long value) {
        int slot = slot(key);
        while (keys[slot] != key && keys[slot] != FREE) {
            slot = slot + 1 & keys.length - 1;
        }
        if (keys[slot] == FREE) {
            keys[slot] = key;
            size++;
        }
        values[slot] = value;
        if (size > keys.length / 2) {
            grow();
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[Math.multiplyExact(oldKeys.length, 2)];
        values = new long[keys.length];
        Arrays.fill(keys, FREE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != FREE) {
                int slot = slot(oldKeys[i]);
                while (keys[slot] != FREE) {
                    slot = slot + 1 & keys.length - 1;
                }
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    private int slot(long key) {
        long h = key * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 32 ^ h >>> 48) & keys.length - 1;
    }
}
