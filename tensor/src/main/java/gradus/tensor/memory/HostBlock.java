package gradus.tensor.memory;

import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// A block of [HostMemory]. ND4J starts when somebody asks for an INDArray over it, and not before.
final class HostBlock extends Block {
    private static final Cleaner CLEANER = Cleaner.create();

    private final long start; // what malloc gave
    private final long address; // the first aligned place in it
    private final MemorySegment memory;
    private DataBuffer asNd4jSeesIt;

    HostBlock(DType dtype, long capacity, long start, long address) {
        super(HostMemory.INSTANCE, dtype, capacity);
        this.start = start;
        this.address = address;
        this.memory = HostMemory.at(address, bytes());
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public void read(double[] values) {
        if (dtype() == DType.FLOAT64) {
            MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE, 0, values, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
    }

    @Override
    public void read(float[] values) {
        if (dtype() == DType.FLOAT32) {
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) memory.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        }
    }

    @Override
    public void write(double[] values) {
        if (dtype() == DType.FLOAT64) {
            MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_DOUBLE, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
        }
    }

    @Override
    public void write(float[] values) {
        if (dtype() == DType.FLOAT32) {
            MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
        }
    }

    @Override
    public double get(int i) {
        return dtype() == DType.FLOAT64
                ? memory.getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                : memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }

    @Override
    public long hash(int count) {
        long hash = 0;
        for (int i = 0; i < count; i++) {
            long bits = dtype() == DType.FLOAT64
                    ? memory.getAtIndex(ValueLayout.JAVA_LONG, i)
                    : memory.getAtIndex(ValueLayout.JAVA_INT, i);
            hash = (hash ^ bits) * Rng.GAMMA;
            hash ^= hash >>> 32;
        }
        return hash;
    }

    @Override
    public synchronized INDArray view(long offset, long[] dims, long[] strides) {
        Backend.start();
        if (asNd4jSeesIt == null) {
            Pointer pointer =
                    dtype() == DType.FLOAT64 ? new Doubles(address, capacity()) : new Floats(address, capacity());
            asNd4jSeesIt = Nd4j.createBuffer(pointer, capacity(), dtype().nd4j());
        }
        return Nd4j.create(asNd4jSeesIt, dims, strides, offset, 'c', dtype().nd4j());
    }

    @Override
    protected void free() {
        HostMemory.free(start);
    }

    /// Every INDArray that was made over this block, and every view of it, holds the block's one DataBuffer.
    @Override
    protected void freeWhenUnseen() {
        if (asNd4jSeesIt == null) {
            free(); // ND4J could not be started
            return;
        }
        long taken = start; // not this block, which would hold what it waits for
        CLEANER.register(asNd4jSeesIt, () -> HostMemory.free(taken));
        asNd4jSeesIt = null;
    }

    /// Floats of ours as JavaCPP points at them.
    private static final class Floats extends FloatPointer {
        Floats(long address, long count) {
            super((Pointer) null);
            this.address = address;
            this.limit = count;
            this.capacity = count;
        }
    }

    /// Doubles of ours as JavaCPP points at them.
    private static final class Doubles extends DoublePointer {
        Doubles(long address, long count) {
            super((Pointer) null);
            this.address = address;
            this.limit = count;
            this.capacity = count;
        }
    }
}
