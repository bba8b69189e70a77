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
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/// Methods that create a tensor, from numbers or from other tensors: `Tensor.zeros(2, 3)`, `Tensor.stack(0,
/// a, b)`.
public abstract sealed class CreationOps permits Tensor {
    CreationOps() {}

    /// A tensor whose elements are whatever the memory held before, so the caller must write every one of
    /// them.
    public static Tensor uninitialized(DType dtype, Shape shape) {
        given(dtype, "tensor", "a type");
        given(shape, "tensor", "a shape");
        return new Tensor(dtype, shape, BufferPool.allocate(Device.current().memory(dtype), dtype, shape.size()));
    }

    /// A tensor over the elements of a buffer. The two share memory.
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

    /// A float32 tensor whose elements are computed, and whose memory is allocated, only when they are first
    /// needed. So a model of any size can be built and inspected, and a model whose weights are then loaded
    /// from a file draws no random numbers first. The tensor is not freed when a scope closes. Any thread may
    /// be the first to need it.
    ///
    /// @param start computes the elements, as a tensor of this shape
    public static Tensor lazy(Supplier<Tensor> start, int... dims) {
        require(start != null, "lazy: a supplier of the elements must be given; got null");
        Tensor tensor = new Tensor(DType.FLOAT32, Shape.of(dims), null);
        tensor.start = start;
        return tensor;
    }

    /// A float32 tensor in which every element has the same value.
    public static Tensor full(double value, int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), value);
    }

    /// A tensor in which every element has the same value.
    public static Tensor full(DType dtype, Shape shape, double value) {
        Tensor tensor = Tensor.uninitialized(dtype, shape);
        Kernels.of(tensor.buffer()).pointwise().fill(tensor.buffer(), value);
        return tensor;
    }

    /// A float32 tensor of zeros.
    public static Tensor zeros(int... dims) {
        return full(DType.FLOAT32, Shape.of(dims), 0);
    }

    /// A float32 tensor of ones.
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

    /// A tensor with another tensor's shape and type, in which every element has the same value.
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
                "arange: from %s to %s in steps of %s there must be at least 1 number, and no more than a tensor can"
                        + " hold",
                start,
                end,
                step);
        return numbers(Shape.of((int) count), i -> start + i * step);
    }

    /// `count` float32 numbers at equal distances, from start to end, both included.
    public static Tensor linspace(double start, double end, int count) {
        require(count >= 1, "linspace: there must be at least 1 number; got %d", count);
        // Each number is computed from the nearer end, as in PyTorch, so that the last number is exactly end.
        double step = count == 1 ? 0 : (end - start) / (count - 1);
        return numbers(
                Shape.of(count), i -> i < count / 2 || count == 1 ? start + i * step : end - (count - 1 - i) * step);
    }

    /// The float32 identity matrix of n rows and columns.
    public static Tensor eye(int n) {
        return eye(n, n);
    }

    /// A float32 matrix of m rows and n columns, with ones on the diagonal and zeros elsewhere.
    public static Tensor eye(int m, int n) {
        return numbers(Shape.of(m, n), i -> i / n == i % n ? 1 : 0);
    }

    /// For each index, a float32 row with a 1 at that index and zeros elsewhere.
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

    /// A float32 tensor of the given elements, in row-major order.
    ///
    /// @throws ShapeException if the shape needs more or fewer elements than are given
    public static Tensor of(float[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = Tensor.uninitialized(DType.FLOAT32, shape);
        tensor.buffer().set(values);
        return tensor;
    }

    /// A float64 tensor of the given elements, in row-major order.
    ///
    /// @throws ShapeException if the shape needs more or fewer elements than are given
    public static Tensor of(double[] values, int... dims) {
        Shape shape = requireCount(values == null ? -1 : values.length, dims);
        Tensor tensor = Tensor.uninitialized(DType.FLOAT64, shape);
        tensor.buffer().set(values);
        return tensor;
    }

    /// A float32 matrix, given by its rows.
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

    /// A float64 matrix, given by its rows.
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

    /// A copy of an INDArray of floats or doubles.
    public static Tensor of(INDArray array) {
        require(array != null, "of: array must be given; got null");
        int[] dims = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        return switch (array.dataType()) {
            case FLOAT -> of(array.dup('c').data().asFloat(), dims);
            case DOUBLE -> of(array.dup('c').data().asDouble(), dims);
            default -> throw new ShapeException("of: an INDArray must be FLOAT or DOUBLE; got " + array.dataType());
        };
    }

    /// A quantised matrix decoded, in float32.
    ///
    /// **Shapes** → (out, in)
    public static Tensor of(QuantizedMatrix matrix) {
        given(matrix, "of", "a matrix");
        return of(matrix.dequantize(), matrix.rows(), matrix.columns());
    }

    /// Random elements from the standard normal distribution; element i is `rng.gaussian(i)`.
    public static Tensor randn(Rng rng, int... dims) {
        require(rng != null, "randn: a generator must be given; got null");
        return random(dims, rng::gaussian);
    }

    /// Random elements, uniform in [0, 1); element i is `rng.uniform(i)`.
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

    /// Joins tensors along an axis, one after the other.
    public static Tensor concat(int axis, Tensor... parts) {
        return Concat.apply(axis, parts);
    }

    /// Joins tensors of equal shape along a new axis.
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

    /// The elements of a where the mask is not 0, the elements of b elsewhere; see [Where].
    ///
    /// **Shapes** all three broadcast
    public static Tensor where(Tensor mask, Tensor a, Tensor b) {
        return Where.apply(mask, a, b);
    }

    /// A product of tensors, written with one letter for each axis: `einsum("ij,jk->ik", a, b)`; see
    /// [Einsum].
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
