package gradus.tokenizer.bpe;

import gradus.tokenizer.text.LongHeap;
import gradus.tokenizer.text.LongTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Hands out (rank, position) entries, the lowest rank first and within it the lowest position.
///
/// With one heap of all entries, memory would be read in random order, and twice the text would take 2.5
/// times as long. But a text has many entries of few ranks, added almost in order of position. So each rank
/// has a list, which is sorted only if an entry was added out of order, and the heap holds ranks alone.
/// Mostly O(1) an entry.
public final class RankQueue {
    private static final class Positions {
        private int[] values = new int[4];
        private int head;
        private int size;
        private boolean inOrder = true;

        void add(int position) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            inOrder &= size == head || values[size - 1] <= position;
            values[size++] = position;
        }

        int next() {
            if (!inOrder) {
                Arrays.sort(values, head, size);
                inOrder = true;
            }
            return values[head++];
        }

        boolean isEmpty() {
            return head == size;
        }

        void clear() {
            head = 0;
            size = 0;
        }
    }

    private final LongTable indexes = new LongTable(16); // rank → index of its list
    private final List<Positions> lists = new ArrayList<>();
    private final LongHeap ranks = new LongHeap(); // rank << 32 | index, of the lists that are not empty

    private long pushed;

    /// How many entries were ever put in: the work that was done, for each is taken out once.
    public long pushed() {
        return pushed;
    }

    void push(int rank, int position) {
        pushed++;
        long index = indexes.get(rank);
        if (index < 0) {
            index = lists.size();
            indexes.put(rank, index);
            lists.add(new Positions());
        }
        Positions list = lists.get((int) index);
        if (list.isEmpty()) {
            list.clear();
            ranks.push((long) rank << 32 | index);
        }
        list.add(position);
    }

    boolean isEmpty() {
        return ranks.isEmpty();
    }

    /// Takes the first entry, as `rank << 32 | position`.
    long pop() {
        long top = ranks.peek();
        Positions list = lists.get((int) top);
        int position = list.next();
        if (list.isEmpty()) {
            ranks.pop();
        }
        return top >>> 32 << 32 | position;
    }
}
