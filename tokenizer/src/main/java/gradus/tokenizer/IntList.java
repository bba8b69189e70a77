package gradus.tokenizer;

import java.util.Arrays;

/// A growing array of ints: the ids of a text whose length is not known beforehand.
final class IntList {
    private int[] values;
    private int size;

    IntList(int expected) {
        values = new int[Math.max(8, expected)];
    }

    void add(int value) {
        if (size == values.length) {
            reserve(1);
        }
        values[size++] = value;
    }

    void addAll(int[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, values, size, length);
        size += length;
    }

    /// Makes room for `more` values, so that `array()` may be written to directly up to `size() + more`.
    int[] reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > values.length) {
            values = Arrays.copyOf(
                    values, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, values.length * 3L / 2)));
        }
        return values;
    }

    int[] array() {
        return values;
    }

    int get(int i) {
        return values[i];
    }

    int size() {
        return size;
    }

    void size(int newSize) {
        size = newSize;
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
