package gradus.tokenizer.text;

import java.util.Arrays;

/// A binary min-heap of longs: `java.util.PriorityQueue` would need an object for each.
public final class LongHeap {
    private long[] heap = new long[64];
    private int size;

    public boolean isEmpty() {
        return size == 0;
    }

    public long peek() {
        return heap[0];
    }

    public void push(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.multiplyExact(size, 2));
        }
        int i = size++;
        for (int parent; i > 0 && heap[parent = (i - 1) / 2] > value; i = parent) {
            heap[i] = heap[parent];
        }
        heap[i] = value;
    }

    public long pop() {
        long top = heap[0];
        long last = heap[--size];
        int i = 0;
        for (int child; (child = 2 * i + 1) < size; i = child) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[i] = heap[child];
        }
        heap[i] = last;
        return top;
    }
}
