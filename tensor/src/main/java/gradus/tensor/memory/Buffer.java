package gradus.tensor.memory;

import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/// A run of elements in one [Memory], shared by the tensors that look at it. Buffers are cheap to make because the
/// memory behind them comes from the [BufferPool]; creating an INDArray costs 8–19 µs and happens only when [#ndarray]
/// or [#view] asks for one.
public final class Buffer {
    private final BufferPool pool;
    private final Memory memory;
    private final DType dtype;
    private final int length;
    private final int lending;
    private Block block;
    private boolean lasting;
    private int shares = 1;
    private int version;
    private boolean handedOut;
    private long fingerprint;
    private String endedBy;

    Buffer(BufferPool pool, int length, Block block) {
        this.pool = pool;
        this.memory = block.memory();
        this.dtype = block.dtype();
        this.length = length;
        this.block = block;
        this.lending = block.lending;
    }

    public DType dtype() {
        return dtype;
    }

    /// The memory it lies in.
    public Memory memory() {
        return memory;
    }

    /// A fresh buffer of another length, in the same memory and of the same type, as [BufferPool#allocate] makes it.
    public Buffer like(int length) {
        return BufferPool.allocate(memory, dtype, length);
    }

    /// The same for a buffer that outlives any scope.
    public Buffer lastingLike(int length) {
        return BufferPool.allocateLasting(memory, dtype, length);
    }

    public int length() {
        return length;
    }

    /// Where the first element lies in this process's memory.
    ///
    /// @throws ShapeException if the memory has gone back to the pool
    /// @throws gradus.error.ResourceException if it is not memory of this process, as on a GPU
    public long address() {
        return block().address();
    }

    /// A copy of the elements, as doubles.
    public double[] toDoubles() {
        double[] values = new double[length];
        block().read(values);
        return values;
    }

    /// A copy of the elements, as floats.
    public float[] toFloats() {
        float[] values = new float[length];
        block().read(values);
        return values;
    }

    /// Sets every element, rounding to this buffer's type. A change in place.
    ///
    /// @throws ShapeException if there are more or fewer values than elements
    public void set(double[] values) {
        requireCount(values == null ? -1 : values.length);
        changed();
        block().write(values);
    }

    /// Sets every element from floats. A change in place.
    ///
    /// @throws ShapeException if there are more or fewer values than elements
    public void set(float[] values) {
        requireCount(values == null ? -1 : values.length);
        changed();
        block().write(values);
    }

    private void requireCount(int count) {
        require(count >= 0, "buffer: values must be given; got null");
        require(count == length, "buffer: %d elements need as many values; got %d", length, count);
    }

    /// One element.
    public double get(int i) {
        require(i >= 0 && i < length, "buffer: element %d is outside 0..%d", i, length - 1);
        return block().get(i);
    }

    /// An INDArray over the same memory, in row-major order, for whoever wants to read or write it: from now on
    /// [#version] looks for what was written. The memory does not go back to the pool, so the INDArray may
    /// outlive this buffer.
    ///
    /// @throws ShapeException if the dimensions have more or fewer elements than the buffer
    public INDArray ndarray(int... dims) {
        Shape shape = Shape.of(dims);
        require(shape.size() == length, "ndarray: shape %s does not cover the buffer's %d elements", shape, length);
        handOut();
        return view(dims);
    }

    /// The same for an INDArray whose element (i₀, i₁, …) lies at `offset + Σ iₐ·strides[a]`.
    ///
    /// @throws ShapeException if an element lies outside the buffer or a stride is negative
    public INDArray ndarray(int offset, int[] dims, int[] strides) {
        Shape shape = Shape.of(dims);
        require(
                strides != null && strides.length == dims.length,
                "ndarray: shape %s needs as many strides; got %s",
                shape,
                Arrays.toString(strides));
        long last = offset;
        for (int axis = 0; axis < dims.length; axis++) {
            require(strides[axis] >= 0, "ndarray: strides must be at least 0; got %s", Arrays.toString(strides));
            last += (dims[axis] - 1L) * strides[axis];
        }
        require(
                offset >= 0 && last < length,
                "ndarray: shape %s with strides %s from %d leaves the buffer's %d elements",
                shape,
                Arrays.toString(strides),
                offset,
                length);
        handOut();
        return view(offset, dims, strides);
    }

    private void handOut() {
        block().handedOut = true;
        if (!handedOut) {
            handedOut = true;
            fingerprint = block().hash(length);
        }
    }

    /// An INDArray over the same memory, for kernels, which say themselves what they change. Costs
    /// microseconds; the fast kernels never call it.
    public INDArray view(int... dims) {
        int[] strides = new int[dims.length];
        int stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return view(0, dims, strides);
    }

    /// The same where element (i₀, i₁, …) lies at `offset + Σ iₐ·strides[a]`.
    public INDArray view(int offset, int[] dims, int[] strides) {
        Block from = block();
        BufferPool.countNdArray();
        if (dims.length == 0) {
            return view(offset, new int[] {1}, new int[] {1}).reshape();
        }
        long[] shape = Arrays.stream(dims).asLongStream().toArray();
        long[] steps = Arrays.stream(strides).asLongStream().toArray();
        return from.view(offset, shape, steps);
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
            pool.giveBack(block, lending);
            block = null;
            endedBy = reason;
        }
    }

    /// Counts in-place changes, so that a backward pass can tell that a value it saved is no longer the one
    /// it saw. Nobody says what is written to an INDArray that [#ndarray] handed out, so the contents
    /// themselves are then compared with what they were: a pass over the memory.
    public int version() {
        if (handedOut) {
            long now = block().hash(length);
            version += now == fingerprint ? 0 : 1;
            fingerprint = now;
        }
        return version;
    }

    /// Says that the contents were changed in place, for whoever writes to [#address]; everything else says
    /// so itself.
    public void changed() {
        version++;
    }

    /// The memory behind it, for kernels that know their device's blocks.
    ///
    /// @throws ShapeException if it has gone back to the pool
    public Block block() {
        if (block == null) {
            throw new ShapeException("tensor used after its memory was given back: " + endedBy);
        }
        return block;
    }

    /// Frees this buffer from the scope it was made in: from now on it lives as long as somebody holds it.
    public Buffer keep() {
        if (!lasting) {
            lasting = true;
            pool.giveBackWhenUnreachable(this, block(), lending);
        }
        return this;
    }

    /// Whether this buffer belongs to no scope.
    public boolean isLasting() {
        return lasting;
    }
}
