package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Addition, subtraction, multiplication and division of two tensors, with NumPy's broadcasting.
///
/// An input that was stretched was used once for each place it was stretched to, so its gradient is the sum over
/// those places: [gradus.tensor.kernel.ReductionKernels#sumTo] undoes the broadcasting.
public final class Arithmetic {
    private Arithmetic() {}

    /// `y = a + b`; `da = dy`, `db = dy`
    public static Tensor add(Tensor a, Tensor b) {
        Tensor y = forward("add", BinaryFunction.ADD, a, b);
        return Autograd.record(
                y,
                dy -> {
                    addTo(a, y.shape(), dy, 1);
                    addTo(b, y.shape(), dy, 1);
                },
                a,
                b);
    }

    /// `y = a - b`; `da = dy`, `db = -dy`
    public static Tensor subtract(Tensor a, Tensor b) {
        Tensor y = forward("sub", BinaryFunction.SUBTRACT, a, b);
        return Autograd.record(
                y,
                dy -> {
                    addTo(a, y.shape(), dy, 1);
                    addTo(b, y.shape(), dy, -1);
                },
                a,
                b);
    }

    /// `y = a·b`; `da = dy·b`, `db = dy·a`
    public static Tensor multiply(Tensor a, Tensor b) {
        Tensor y = forward("mul", BinaryFunction.MULTIPLY, a, b);
        Saved savedA = Saved.of(a);
        Saved savedB = Saved.of(b);
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return Autograd.record(
                y,
                dy -> {
                    addProduct(a, y.shape(), BinaryFunction.MULTIPLY, dy, savedB.get(), shapeB, 1);
                    addProduct(b, y.shape(), BinaryFunction.MULTIPLY, dy, savedA.get(), shapeA, 1);
                },
                a,
                b);
    }

    /// `y = a/b`; `da = dy/b`, `db = -dy·y/b`
    public static Tensor divide(Tensor a, Tensor b) {
        Tensor y = forward("div", BinaryFunction.DIVIDE, a, b);
        Saved savedB = Saved.of(b);
        Saved savedY = Saved.of(y);
        return Autograd.record(
                y,
                dy -> {
                    addProduct(a, y.shape(), BinaryFunction.DIVIDE, dy, savedB.get(), b.shape(), 1);
                    if (b.requiresGrad()) {
                        Buffer product = dy.like(dy.length()); // dy·y
                        Strided walk = Strided.contiguous(y.shape());
                        Kernels.of(dy)
                                .pointwise()
                                .binary(
                                        BinaryFunction.MULTIPLY,
                                        dy,
                                        walk,
                                        savedY.get(),
                                        walk,
                                        new Destination(product, false));
                        addProduct(b, y.shape(), BinaryFunction.DIVIDE, product, savedB.get(), b.shape(), -1);
                        product.release("the backward of div has ended");
                    }
                },
                a,
                b);
    }

    static Tensor forward(String operation, BinaryFunction function, Tensor a, Tensor b) {
        given(a, operation, "a tensor");
        a.requireSame(operation, b);
        Shape shape = Shape.broadcast(operation, a.shape(), b.shape());
        Tensor y = a.newEmpty(shape);
        Kernels.of(a.buffer())
                .pointwise()
                .binary(
                        function,
                        a.buffer(),
                        Strided.broadcast(a.shape(), shape),
                        b.buffer(),
                        Strided.broadcast(b.shape(), shape),
                        new Destination(y.buffer(), false));
        return y;
    }

    /// Adds `sign·dy` to an input's gradient.
    private static void addTo(Tensor input, Shape shape, Buffer dy, double sign) {
        if (input.shape().equals(shape) && sign == 1) {
            input.addGradient(dy);
            return;
        }
        Destination destination = input.gradientDestination();
        if (destination != null) {
            Kernels kernels = Kernels.of(dy);
            if (input.shape().equals(shape)) {
                kernels.pointwise().affine(dy, sign, 0, destination);
            } else {
                kernels.reductions().sumTo(dy, Strided.broadcast(input.shape(), shape), sign, destination);
            }
        }
    }

    /// Adds `sign·f(dy, other)` to an input's gradient.
    private static void addProduct(
            Tensor input, Shape shape, BinaryFunction f, Buffer dy, Buffer other, Shape otherShape, double sign) {
        if (!input.requiresGrad()) {
            return;
        }
        Kernels kernels = Kernels.of(dy);
        Strided walk = Strided.contiguous(shape);
        Strided walkOther = Strided.broadcast(otherShape, shape);
        if (input.shape().equals(shape) && sign == 1) {
            kernels.pointwise().binary(f, dy, walk, other, walkOther, input.gradientDestination());
            return;
        }
        Buffer product = dy.like(dy.length());
        kernels.pointwise().binary(f, dy, walk, other, walkOther, new Destination(product, false));
        addTo(input, shape, product, sign);
        product.release("the backward of an arithmetic operation has ended");
    }
}
