package gradus.tensor.kernel;

import gradus.tensor.type.Shape;

/// A way through a buffer: element (i₀, i₁, …) lies at `offset + Σ iₐ·strides[a]`. A transpose is a change of strides,
/// a slice of offset and size, and a stride of 0 repeats an axis.
public record Strided(int[] dims, int offset, int[] strides) {

    /// The plain row-major way.
    public static Strided contiguous(Shape shape) {
        return new Strided(shape.dims(), 0, shape.strides());
    }

    /// The way through a small tensor that repeats it to a larger shape by NumPy's broadcasting.
    public static Strided broadcast(Shape from, Shape to) {
        int[] own = from.strides();
        int[] strides = new int[to.rank()];
        for (int i = 1; i <= from.rank(); i++) {
            strides[to.rank() - i] = from.dim(-i) == 1 ? 0 : own[from.rank() - i];
        }
        return new Strided(to.dims(), 0, strides);
    }

    /// The number of elements walked.
    public int size() {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }
}
