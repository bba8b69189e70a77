package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.flat;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.read;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.PointwiseKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import org.nd4j.linalg.api.ndarray.INDArray;

/// One element at a time, and arithmetic with broadcasting.
final class Nd4jPointwise implements PointwiseKernels {
    @Override
    public void fill(Buffer y, double value) {
        y.changed();
        temporarily(() -> flat(y).assign(value));
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        temporarily(() -> put(flat(x).mul(scale).addi(shift), y));
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        y.changed();
        temporarily(() -> flat(y).assign(Nd4jUnary.value(f, flat(x))));
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        temporarily(() -> put(Nd4jUnary.derivative(f, flat(x), flat(y)).mul(flat(dy)), dx));
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        temporarily(() -> {
            INDArray left = read(a, walkA);
            INDArray right = read(b, walkB);
            put(
                    switch (f) {
                        case ADD -> left.add(right);
                        case SUBTRACT -> left.sub(right);
                        case MULTIPLY -> left.mul(right);
                        case DIVIDE -> left.div(right);
                    },
                    y);
        });
    }
}
