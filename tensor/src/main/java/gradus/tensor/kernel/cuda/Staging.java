package gradus.tensor.kernel.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Copies between Java arrays and the card, through memory that the card reads and writes by itself while
/// this program goes on.
///
/// That memory is a ring of two halves. A copy to the card takes the next place of the current half. When it
/// is full, an event is put behind its last copy in the stream, and the other half is used as soon as its own
/// event has passed: so nothing is overwritten that is still to be copied, and a program waits only when it
/// is 4 MB ahead.
final class Staging {
    private static final int HALF = 4 << 20;
    private static final int ALIGNMENT = 64;

    private final Card card;
    private final MemorySegment ring;
    private final long[] events = new long[2];
    private final boolean[] recorded = new boolean[2];
    private int half;
    private int used;

    Staging(Card card) {
        this.card = card;
        long start = card.driver.allocatePinned(2L * HALF);
        ring = MemorySegment.ofAddress(start).reinterpret(2L * HALF);
        events[0] = card.driver.createEvent();
        events[1] = card.driver.createEvent();
    }

    /// Puts elements `from` to `to` of an array at an offset of a segment.
    @FunctionalInterface
    interface Filler {
        void fill(MemorySegment segment, long offset, int from, int count);
    }

    void write(float[] values, long device) {
        write(
                values.length,
                device,
                (segment, offset, from, count) ->
                        MemorySegment.copy(values, from, segment, ValueLayout.JAVA_FLOAT, offset, count));
    }

    void write(int[] values, long device) {
        write(
                values.length,
                device,
                (segment, offset, from, count) ->
                        MemorySegment.copy(values, from, segment, ValueLayout.JAVA_INT, offset, count));
    }

    void write(double[] values, long device) {
        write(values.length, device, (segment, offset, from, count) -> {
            for (int i = 0; i < count; i++) {
                segment.set(ValueLayout.JAVA_FLOAT, offset + 4L * i, (float) values[from + i]);
            }
        });
    }

    /// Copies bytes, and up to 3 of no meaning behind them.
    void write(MemorySegment bytes, long device) {
        int words = Math.toIntExact((bytes.byteSize() + 3) / 4);
        write(words, device, (segment, offset, from, count) -> {
            long first = 4L * from;
            long size = Math.min(4L * count, bytes.byteSize() - first);
            MemorySegment.copy(bytes, first, segment, offset, size);
        });
    }

    private synchronized void write(int length, long device, Filler filler) {
        card.launches();
        for (int from = 0; from < length; from += HALF / 4) {
            int count = Math.min(HALF / 4, length - from);
            long offset = reserve(4 * count);
            filler.fill(ring, offset, from, count);
            card.driver.copyToDevice(device + 4L * from, ring.address() + offset, 4L * count, card.stream);
        }
    }

    /// The offset of so many free bytes.
    private long reserve(int bytes) {
        if (used + bytes > HALF) {
            turn();
        }
        long offset = (long) half * HALF + used;
        used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return offset;
    }

    private void turn() {
        card.driver.record(events[half], card.stream);
        recorded[half] = true;
        half = 1 - half;
        used = 0;
        if (recorded[half]) {
            card.driver.await(events[half]);
        }
    }

    /// Copies floats from the card, when all that was ordered before has been done.
    synchronized void read(long device, float[] values) {
        card.launches();
        for (int from = 0; from < values.length; from += HALF / 4) {
            int count = Math.min(HALF / 4, values.length - from);
            long offset = reserve(4 * count);
            card.driver.copyToHost(ring.address() + offset, device + 4L * from, 4L * count, card.stream);
            card.driver.synchronize("", card.stream);
            MemorySegment.copy(ring, ValueLayout.JAVA_FLOAT, offset, values, from, count);
        }
    }

    /// Copies doubles from the card.
    synchronized double[] readDoubles(long device, int count) {
        card.launches();
        long offset = reserve(Double.BYTES * count);
        card.driver.copyToHost(ring.address() + offset, device, (long) Double.BYTES * count, card.stream);
        card.driver.synchronize("", card.stream);
        double[] values = new double[count];
        MemorySegment.copy(ring, ValueLayout.JAVA_DOUBLE, offset, values, 0, count);
        return values;
    }

    /// Frees its memory. Whoever calls it has opened the card on this thread.
    void close() {
        card.driver.freePinned(ring.address());
        card.driver.destroyEvent(events[0]);
        card.driver.destroyEvent(events[1]);
    }
}
