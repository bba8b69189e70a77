package gradus.tensor.memory;

import gradus.error.ShapeException;
import gradus.tensor.DType;
import gradus.tensor.kernel.Backend;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// A run of elements in the memory of an ND4J backend, shared by the tensors that look at it. Buffers are cheap to
/// make because the memory behind them comes from the [BufferPool]; creating an INDArray costs 8–19 µs and happens
/// only when [#ndarray] asks for one.
public final class Buffer {
    private final DType dtype;
    private final int length;
    private final int lending;
    private Block block;
    private boolean lasting;
    private int shares = 1;
    private int version;
    private String endedBy;

    Buffer(DType dtype, int length, Block block) {
        this.dtype = dtype;
        this.length = length;
        this.block = block;
        this.lending = block.lending;
    }

    public DType dtype() {
        return dtype;
    }

    public int length() {
        return length;
    }

    /// Where the first element lies in this process's memory. Meaningful on the CPU backend only.
    ///
    /// @throws ShapeException if the memory has gone back to the pool
    public long address() {
        return block().address;
    }

    /// A copy of the elements, as doubles.
    public double[] toDoubles() {
        double[] values = new double[length];
        if (!Backend.isCpu()) {
            return ndarray(length).toDoubleVector();
        }
        if (dtype == DType.FLOAT64) {
            MemorySegment.copy(segment(), ValueLayout.JAVA_DOUBLE, 0, values, 0, length);
        } else {
            MemorySegment memory = segment();
            for (int i = 0; i < length; i++) {
                values[i] = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            }
        }
        return values;
    }

    /// Sets every element, rounding to this buffer's type.
    public void set(double[] values) {
        if (!Backend.isCpu()) {
            ndarray(length).assign(Nd4j.createFromArray(values).castTo(dtype.nd4j()));
        } else if (dtype == DType.FLOAT64) {
            MemorySegment.copy(values, 0, segment(), ValueLayout.JAVA_DOUBLE, 0, length);
        } else {
            MemorySegment memory = segment();
            for (int i = 0; i < length; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) values[i]);
            }
        }
    }

    /// A copy of the elements, as floats.
    public float[] toFloats() {
        float[] values = new float[length];
        if (dtype == DType.FLOAT32 && Backend.isCpu()) {
            MemorySegment.copy(segment(), ValueLayout.JAVA_FLOAT, 0, values, 0, length);
            return values;
        }
        double[] wide = toDoubles();
        for (int i = 0; i < length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    /// Sets every element from floats.
    public void set(float[] values) {
        if (dtype == DType.FLOAT32 && Backend.isCpu()) {
            MemorySegment.copy(values, 0, segment(), ValueLayout.JAVA_FLOAT, 0, length);
            return;
        }
        double[] wide = new double[length];
        for (int i = 0; i < length; i++) {
            wide[i] = values[i];
        }
        set(wide);
    }

    /// One element.
    public double get(int i) {
        if (!Backend.isCpu()) {
            return ndarray(length).getDouble(i);
        }
        return dtype == DType.FLOAT64
                ? segment().getAtIndex(ValueLayout.JAVA_DOUBLE, i)
                : segment().getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }

    private MemorySegment segment() {
        return MemorySegment.ofAddress(address()).reinterpret((long) length * dtype.bytes());
    }

    /// An INDArray over the same memory, in row-major order. Costs microseconds; the fast kernels never call it.
    public INDArray ndarray(int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return ndarray(0, dims, strides);
    }

    /// An INDArray over the same memory whose element (i₀, i₁, …) lies at `offset + Σ iₐ·strides[a]`.
    public INDArray ndarray(int offset, int[] dims, int[] strides) {
        Block memory = block();
        BufferPool.countNdArray();
        if (dims.length == 0) {
            return ndarray(offset, new int[] {1}, new int[] {1}).reshape();
        }
        long[] shape = Arrays.stream(dims).asLongStream().toArray();
        long[] steps = Arrays.stream(strides).asLongStream().toArray();
        return Nd4j.create(memory.owner.data(), shape, steps, memory.offset + offset, 'c', dtype.nd4j());
    }

    /// Counts one more tensor or gradient that reads this memory.
    public Buffer share() {
        block();
        shares++;
        return this;
    }

    /// Whether someone else reads this memory too, so that it must not be changed.
    public boolean shared() {
        return shares > 1;
    }

    /// Gives up one share; the last one returns the memory to the pool.
    public void release(String reason) {
        if (--shares == 0) {
            end(reason);
        }
    }

    /// Returns the memory to the pool now, whoever may still hold this buffer.
    void end(String reason) {
        if (block != null) {
            BufferPool.giveBack(block, lending);
            block = null;
            endedBy = reason;
        }
    }

    /// Counts in-place changes, so that a backward pass can tell that a value it saved is no longer the one it saw.
    public int version() {
        return version;
    }

    /// Says that the contents were changed in place.
    public void changed() {
        version++;
    }

    private Block block() {
        if (block == null) {
            throw new ShapeException("tensor used after its memory was given back: " + endedBy);
        }
        return block;
    }

    /// Frees this buffer from the scope it was made in: from now on it lives as long as somebody holds it.
    public Buffer keep() {
        if (!lasting) {
            lasting = true;
            BufferPool.giveBackWhenUnreachable(this, block(), lending);
        }
        return this;
    }

    /// Whether this buffer belongs to no scope.
    public boolean isLasting() {
        return lasting;
    }
}
