package gradus.tensor.memory;

import gradus.error.ResourceException;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/// A run of elements in one [Memory] that the pool lends again and again, and the ways in and out of it. Every method
/// counts elements from the first; callers have checked that they lie within the capacity.
public abstract class Block {
    private final Memory memory;
    private final DType dtype;
    private final long capacity;

    /// Counts lendings, so that a late return of an earlier one is told apart from the present one.
    int lending;

    /// Whether an INDArray over this memory is in other hands, so that it is not lent again.
    volatile boolean handedOut;

    protected Block(Memory memory, DType dtype, long capacity) {
        this.memory = memory;
        this.dtype = dtype;
        this.capacity = capacity;
    }

    public final Memory memory() {
        return memory;
    }

    public final DType dtype() {
        return dtype;
    }

    /// How many elements it has room for.
    public final long capacity() {
        return capacity;
    }

    final long bytes() {
        return capacity * dtype.bytes();
    }

    /// Copies the first elements out, as doubles.
    public abstract void read(double[] values);

    /// Copies the first elements out, rounded to float.
    public abstract void read(float[] values);

    /// Sets the first elements, rounding to the block's type.
    public abstract void write(double[] values);

    /// Sets the first elements from floats.
    public abstract void write(float[] values);

    /// One element.
    public double get(int i) {
        double[] values = new double[i + 1];
        read(values);
        return values[i];
    }

    /// A 64-bit hash of the first elements that differs, but for chance, where a bit differs.
    public long hash(int count) {
        double[] values = new double[count];
        read(values);
        return Rng.mix(Arrays.hashCode(values));
    }

    /// Where the first element lies in this process's memory.
    ///
    /// @throws ResourceException if it does not
    public long address() {
        throw new ResourceException("memory: a tensor in " + memory.name()
                + " memory has no address in this process; move it with to(Device) or copy it with toArray()");
    }

    /// An INDArray over the same memory, whose element (i₀, i₁, …) lies at `offset + Σ iₐ·strides[a]`.
    ///
    /// @throws ResourceException if ND4J cannot see this memory
    public INDArray view(long offset, long[] dims, long[] strides) {
        throw new ResourceException(
                "ndarray: ND4J cannot see a tensor in " + memory.name() + " memory; copy it with toArray()");
    }

    /// Gives the memory back to where it came from. Nobody uses the block afterwards.
    protected abstract void free();

    /// The same for a block whose INDArray is in other hands: as soon as the last of them is gone.
    protected void freeWhenUnseen() {
        free();
    }
}
