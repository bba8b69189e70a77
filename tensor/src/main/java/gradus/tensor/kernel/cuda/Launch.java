package gradus.tensor.kernel.cuda;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The launches of one thread: arguments are collected and handed to the driver, which copies them at once.
///
/// ```
/// softmax.begin().buffer(x).integer(rows).integer(columns).result(y).blocks(rows).run(256);
/// ```
final class Launch {
    private static final boolean SYNCHRONOUS = Boolean.getBoolean("gradus.cuda.sync");
    private static final int ARGUMENTS = 48;
    private static final int BYTES = 4096; // as many as a kernel may have

    private final Card card;
    private final MemorySegment values = Arena.ofAuto().allocate(BYTES, 16);
    private final MemorySegment pointers = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, ARGUMENTS + 1);
    private CudaFunction function;
    private int count;
    private long used;
    private int gridX;
    private int gridY;
    private int gridZ;
    private int shared;

    Launch(Card card) {
        this.card = card;
    }

    Launch begin(CudaFunction function) {
        this.function = function;
        count = 0;
        used = 0;
        gridX = 1;
        gridY = 1;
        gridZ = 1;
        shared = 0;
        return this;
    }

    /// Where the first element of a buffer lies; a null pointer for null.
    Launch buffer(Buffer buffer) {
        return number(card.address(buffer));
    }

    /// Where element `offset` of a buffer lies.
    Launch buffer(Buffer buffer, long offset) {
        return number(card.address(buffer) + Float.BYTES * offset);
    }

    /// A buffer that the kernel writes to, which counts as a change in place.
    Launch result(Buffer buffer) {
        if (buffer != null) {
            buffer.changed();
        }
        return buffer(buffer);
    }

    /// Where a gradient goes and whether it is added: two arguments. Null becomes a null pointer.
    Launch destination(Destination destination) {
        return destination == null
                ? number(0).integer(0)
                : buffer(destination.buffer()).integer(destination.accumulate() ? 1 : 0);
    }

    Launch integer(int value) {
        values.set(ValueLayout.JAVA_INT, place(Integer.BYTES), value);
        return this;
    }

    /// A pointer or a 64-bit number.
    Launch number(long value) {
        values.set(ValueLayout.JAVA_LONG, place(Long.BYTES), value);
        return this;
    }

    Launch real(float value) {
        values.set(ValueLayout.JAVA_FLOAT, place(Float.BYTES), value);
        return this;
    }

    Launch real(double value) {
        values.set(ValueLayout.JAVA_DOUBLE, place(Double.BYTES), value);
        return this;
    }

    /// One argument that is a struct of ints.
    Launch struct(int[] ints) {
        MemorySegment.copy(ints, 0, values, ValueLayout.JAVA_INT, place(Integer.BYTES * ints.length), ints.length);
        return this;
    }

    /// One argument that is a struct of pointers or 64-bit numbers and, behind them, ints.
    Launch struct(long[] longs, int... ints) {
        long at = place(Long.BYTES * longs.length + Integer.BYTES * ints.length);
        MemorySegment.copy(longs, 0, values, ValueLayout.JAVA_LONG, at, longs.length);
        MemorySegment.copy(ints, 0, values, ValueLayout.JAVA_INT, at + (long) Long.BYTES * longs.length, ints.length);
        return this;
    }

    private long place(int bytes) {
        long at = used;
        pointers.setAtIndex(ValueLayout.JAVA_LONG, count++, values.address() + at);
        used += (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
        return at;
    }

    /// How many blocks, along x.
    Launch blocks(int x) {
        return blocks(x, 1, 1);
    }

    Launch blocks(int x, int y, int z) {
        gridX = x;
        gridY = y;
        gridZ = z;
        return this;
    }

    /// The bytes of shared memory that the kernel takes by launch.
    Launch shared(int bytes) {
        shared = bytes;
        return this;
    }

    /// Orders the kernel with blocks of so many threads. A grid without blocks orders nothing.
    void run(int threads) {
        if (gridX == 0 || gridY == 0 || gridZ == 0) {
            return;
        }
        pointers.setAtIndex(ValueLayout.JAVA_LONG, count, 0); // ends the list
        function.handle(); // compiles what has not been, outside of any profile
        if (card.profile == null) {
            order(threads);
        } else {
            card.profile.measure(function.name, card.stream, () -> order(threads));
        }
        if (SYNCHRONOUS) {
            card.driver.synchronize(function.name, card.stream);
        }
    }

    private void order(int threads) {
        card.driver.launch(
                function.name,
                function.handle(),
                gridX,
                gridY,
                gridZ,
                threads,
                shared,
                card.stream,
                pointers.address());
    }
}
