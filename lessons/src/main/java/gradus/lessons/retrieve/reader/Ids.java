package gradus.lessons.retrieve.reader;

import java.util.Arrays;

/// Ids that grow, each of them learned or not.
final class Ids {
    private int[] ids = new int[256];
    private boolean[] learned = new boolean[256];
    private int size;

    void add(int[] added, boolean learn) {
        if (size + added.length > ids.length) {
            ids = Arrays.copyOf(ids, 2 * (size + added.length));
            learned = Arrays.copyOf(learned, ids.length);
        }
        System.arraycopy(added, 0, ids, size, added.length);
        Arrays.fill(learned, size, size + added.length, learn);
        size += added.length;
    }

    boolean learns() {
        for (int i = 1; i < size; i++) {
            if (learned[i]) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return size;
    }

    int[] ids() {
        return Arrays.copyOf(ids, size);
    }

    boolean[] learned() {
        return Arrays.copyOf(learned, size);
    }
}
