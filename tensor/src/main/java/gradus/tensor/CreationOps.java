package gradus.tensor;

import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.op.Concat;
import java.util.Arrays;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/// The ways to make a tensor, called as `Tensor.zeros(2, 3)`.
public abstract sealed class CreationOps permits Tensor {
    CreationOps() {}

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
        Shape shape = Shape.of(dims);
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

    private static Shape requireCount(int count, int[] dims) {
        require(count >= 0, "of: values must be given; got null");
        Shape shape = Shape.of(dims);
        require(count == shape.size(), "of: shape %s needs %d values; got %d", shape, shape.size(), count);
        return shape;
    }
}
