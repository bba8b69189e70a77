package gradus.tokenizer.text;

import java.util.Arrays;

/// A growing array of ints: the ids of a text whose length is not known beforehand.
public final class IntList {
    private int[] values;
    private int size;

    public IntList(int expected) {
        values = new int[Math.max(8, expected)];
    }

    public void add(int value) {
        if (size == values.length) {
            reserve(1);
        }
        values[size++] = value;
    }

    public void addAll(int[] source, int from, int length) {
        reserve(length);
        System.arraycopy(source, from, values, size, length);
        size += length;
    }

    /// Makes room for `more` values, so that `array()` may be written to directly up to `size() + more`.
    public int[] reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > values.length) {
            values = Arrays.copyOf(
                    values, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, values.length * 3L / 2)));
        }
        return values;
    }

    public int[] array() {
        return values;
    }

    public int get(int i) {
        return values[i];
    }

    public int size() {
        return size;
    }

    public void size(int newSize) {
        size = newSize;
    }

    public int[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
