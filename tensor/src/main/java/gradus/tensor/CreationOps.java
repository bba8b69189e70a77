package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.Concat;
import gradus.tensor.op.Where;
import gradus.tensor.op.product.Einsum;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/// The ways to make a tensor, of numbers or of other tensors: `Tensor.zeros(2, 3)`, `Tensor.stack(0, a, b)`.
public abstract sealed class CreationOps permits Tensor {
    CreationOps() {}

    /// A tensor whose elements are whatever the memory held before, for operations that then write every one.
    public static Tensor uninitialized(DType dtype, Shape shape) {
        given(dtype, "tensor", "a type");
        given(shape, "tensor", "a shape");
        return new Tensor(dtype, shape, BufferPool.allocate(Device.current().memory(), dtype, shape.size()));
    }

    /// A tensor whose elements are those of a buffer: the two share memory.
    ///
    /// @throws ShapeException if the buffer holds more or fewer elements than the shape
    public static Tensor over(Buffer buffer, Shape shape) {
        require(buffer != null && shape != null, "over: a buffer and a shape must be given; got null");
        require(
                buffer.length() == shape.size(),
                "over: shape %s needs %d elements; the buffer has %d",
                shape,
                shape.size(),
                buffer.length());
        return new Tensor(buffer.dtype(), shape, buffer.share());
    }

    /// A float32 tensor whose elements, and the memory for them, are made when they are first needed. A model
    /// of any size can so be built and looked at, and one that is then loaded from a file never draws random
    /// numbers in vain. The tensor outlives every scope. Any thread may be the first to need it.
    ///
    /// @param start makes a tensor of the shape
    public static Tensor lazy(Supplier<Tensor> start, int... dims) {
        require(start != null, "lazy: what makes the elements must be given; got null");
        Tensor tensor = new Tensor(DType.FLOAT32, Shape.of(dims), null);
        tensor.start = start;
        return tensor;
    }

    /// One number everywhere, in float32.
    public static Tensor full(double value, int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), value);
    }

    /// One number everywhere.
    public static Tensor full(DType dtype, Shape shape, double value) {
        Tensor tensor = Tensor.uninitialized(dtype, shape);
        Kernels.of(tensor.buffer()).pointwise().fill(tensor.buffer(), value);
        return tensor;
    }

    /// float32 zeros.
    public static Tensor zeros(int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), 0);
    }

    /// float32 ones.
    public static Tensor ones(int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), 1);
    }

    /// Zeros of another tensor's shape and type.
    public static Tensor zerosLike(Tensor other) {
        return fullLike(other, 0);
    }

    /// Ones of another tensor's shape and type.
    public static Tensor onesLike(Tensor other) {
        return fullLike(other, 1);
    }

    /// One number everywhere, in another tensor's shape and type.
    public static Tensor fullLike(Tensor other, double value) {
        given(other, "fullLike", "a tensor");
        return other.newFull(other.shape(), value);
    }

    /// The float32 numbers 0, 1, …, end - 1.
    public static Tensor arange(int end) {
        return arange(0, end, 1);
    }

    /// The float32 numbers start, start + step, start + 2·step, … before end.
    ///
    /// @throws ShapeException if the step leads away from end, or is 0
    public static Tensor arange(double start, double end, double step) {
        double count = Math.ceil((end - start) / step);
        require(
                count >= 1 && count <= Integer.MAX_VALUE,
                "arange: from %s to %s by %s there must be 1 number at least and an array's worth at most",
                start,
                end,
                step);
        return numbers(Shape.of((int) count), i -> start + i * step);
    }

    /// So many float32 numbers at equal distances, the first being start and the last end.
    public static Tensor linspace(double start, double end, int count) {
        require(count >= 1, "linspace: there must be at least 1 number; got %d", count);
        // From the nearer end, as PyTorch counts, so that the last number is exactly end.
        double step = count == 1 ? 0 : (end - start) / (count - 1);
        return numbers(
                Shape.of(count), i -> i < count / 2 || count == 1 ? start + i * step : end - (count - 1 - i) * step);
    }

    /// The float32 identity matrix of n rows and columns.
    public static Tensor eye(int n) {
        return eye(n, n);
    }

    /// float32 ones on the diagonal of m rows and n columns, zeros elsewhere.
    public static Tensor eye(int m, int n) {
        return numbers(Shape.of(m, n), i -> i / n == i % n ? 1 : 0);
    }

    /// float32 rows with a 1 at the place that each index names, zeros elsewhere.
    ///
    /// **Shapes** indices (...) → (..., classes)
    ///
    /// @throws ShapeException if an index is outside 0 … classes-1
    public static Tensor oneHot(Indices indices, int classes) {
        given(indices, "oneHot", "indices");
        indices.requireBelow("oneHot", classes);
        Shape shape = indices.shape().insert(indices.shape().rank(), classes);
        return numbers(shape, i -> indices.get((int) (i / classes)) == i % classes ? 1 : 0);
    }

    /// A float32 scalar.
    public static Tensor scalar(double value) {
        return full(DType.FLOAT32, Shape.of(), value);
    }

    /// float32 elements in row-major order.
    ///
    /// @throws ShapeException if the count differs from the shape's
    public static Tensor of(float[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = Tensor.uninitialized(DType.FLOAT32, shape);
        tensor.buffer().set(values);
        return tensor;
    }

    /// float64 elements in row-major order.
    ///
    /// @throws ShapeException if the count differs from the shape's
    public static Tensor of(double[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = Tensor.uninitialized(DType.FLOAT64, shape);
        tensor.buffer().set(values);
        return tensor;
    }

    /// A float32 matrix of rows.
    ///
    /// @throws ShapeException if rows differ in length, or one is missing
    public static Tensor of(float[][] rows) {
        given(rows, "of", "rows");
        int columns = rows.length == 0 || rows[0] == null ? 0 : rows[0].length;
        Shape shape = Shape.of(rows.length, columns);
        float[] values = new float[shape.size()];
        for (int i = 0; i < rows.length; i++) {
            requireRow(rows[i] == null ? -1 : rows[i].length, i, columns);
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return of(values, shape.dims());
    }

    /// A float64 matrix of rows.
    ///
    /// @throws ShapeException if rows differ in length, or one is missing
    public static Tensor of(double[][] rows) {
        given(rows, "of", "rows");
        int columns = rows.length == 0 || rows[0] == null ? 0 : rows[0].length;
        Shape shape = Shape.of(rows.length, columns);
        double[] values = new double[shape.size()];
        for (int i = 0; i < rows.length; i++) {
            requireRow(rows[i] == null ? -1 : rows[i].length, i, columns);
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return of(values, shape.dims());
    }

    private static void requireRow(int length, int row, int columns) {
        require(
                length == columns,
                "of: every row must have %d elements like row 0; row %d has %d",
                columns,
                row,
                length);
    }

    /// The elements of an INDArray of floats or doubles, copied.
    public static Tensor of(INDArray array) {
        require(array != null, "of: array must be given; got null");
        int[] dims = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return switch (array.dataType()) {
            case FLOAT -> of(array.dup('c').data().asFloat(), dims);
            case DOUBLE -> of(array.dup('c').data().asDouble(), dims);
            default -> throw new ShapeException("of: an INDArray must be FLOAT or DOUBLE; got " + array.dataType());
        };
    }

    /// Standard normal elements, number i being `rng.gaussian(i)`.
    public static Tensor randn(Rng rng, int... dims) {
        require(rng != null, "randn: a generator must be given; got null");
        return random(dims, rng::gaussian);
    }

    /// Uniform elements in [0, 1), number i being `rng.uniform(i)`.
    public static Tensor rand(Rng rng, int... dims) {
        require(rng != null, "rand: a generator must be given; got null");
        return random(dims, rng::uniform);
    }

    private static Tensor random(int[] dims, LongToDoubleFunction number) {
        return numbers(Shape.of(dims), number);
    }

    /// float32 elements, each a function of its row-major position.
    private static Tensor numbers(Shape shape, LongToDoubleFunction number) {
        float[] values = new float[shape.size()];
        IntStream.range(0, values.length).parallel().forEach(i -> values[i] = (float) number.applyAsDouble(i));
        Tensor tensor = Tensor.uninitialized(DType.FLOAT32, shape);
        tensor.buffer().set(values);
        return tensor;
    }

    /// Tensors put one behind the other along an axis.
    public static Tensor concat(int axis, Tensor... parts) {
        return Concat.apply(axis, parts);
    }

    /// Tensors of one shape put one behind the other along a new axis.
    ///
    /// **Shapes** n of (2, 3), axis 1 → (2, n, 3)
    public static Tensor stack(int axis, Tensor... parts) {
        require(parts != null && parts.length > 0, "stack: at least one tensor must be given");
        Tensor[] thin = new Tensor[parts.length];
        for (int i = 0; i < parts.length; i++) {
            given(parts[i], "stack", "tensor " + i);
            boolean same = parts[i].shape().equals(parts[0].shape());
            require(same, "stack: shapes must be equal; got %s and %s", parts[0].shape(), parts[i].shape());
            thin[i] = parts[i].unsqueeze(axis);
        }
        return Concat.apply(axis, thin);
    }

    /// a's elements where the mask holds, b's elsewhere; see [Where].
    ///
    /// **Shapes** all three broadcast
    public static Tensor where(Tensor mask, Tensor a, Tensor b) {
        return Where.apply(mask, a, b);
    }

    /// Products of tensors written with a letter for each axis: `einsum("ij,jk->ik", a, b)`; see [Einsum].
    public static Tensor einsum(String equation, Tensor... tensors) {
        return Einsum.apply(equation, tensors);
    }

    private static Shape requireCount(int count, int[] dims) {
        require(count >= 0, "of: values must be given; got null");
        Shape shape = Shape.of(dims);
        require(count == shape.size(), "of: shape %s needs %d values; got %d", shape, shape.size(), count);
        return shape;
    }
}
