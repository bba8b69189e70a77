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
import org.nd4j.linalg.api.ops.impl.controlflow.Select;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// One element at a time, and arithmetic with broadcasting.
final class Nd4jPointwise implements PointwiseKernels {
    @Override
    public void fill(Buffer y, double value) {
        y.changed();
        temporarily(() -> flat(y).assign(value));
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        boolean nan = Double.isNaN(scale) || Double.isNaN(shift); // for which ND4J takes 1e-5
        temporarily(() -> put(
                nan ? flat(x).ulike().assign(Double.NaN) : flat(x).mul(scale).addi(shift), y));
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
            put(value(f, left, right), y);
        });
    }

    private static INDArray value(BinaryFunction f, INDArray a, INDArray b) {
        return switch (f) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.sub(b);
            case MULTIPLY -> a.mul(b);
            case DIVIDE -> a.div(b);
            // ND4J takes the second of two that are not in order, so only the first may hide a NaN.
            case MAXIMUM -> choose(a.isNaN(), a, Transforms.max(a, b, true));
            case MINIMUM -> choose(a.isNaN(), a, Transforms.min(a, b, true));
            case POWER -> Nd4j.math().pow(a.dup(), b);
            case EQUAL -> number(a.eq(b), a);
            case LESS -> number(a.lt(b), a);
            case LESS_OR_EQUAL -> number(a.lt(b), a).addi(number(a.eq(b), a));
            case KEEP_WHERE -> choose(b.neq(0), a, a.ulike().assign(-0.0));
        };
    }

    private static INDArray number(INDArray condition, INDArray like) {
        return condition.castTo(like.dataType());
    }

    private static INDArray choose(INDArray condition, INDArray yes, INDArray no) {
        INDArray chosen = Nd4j.createUninitialized(no.dataType(), no.shape());
        Nd4j.exec(new Select(new INDArray[] {condition, yes.dup('c'), no}, new INDArray[] {chosen}));
        return chosen;
    }
}
