package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.List;

/// One element at a time: constants, functions of one element, and arithmetic with broadcasting.
public interface PointwiseKernels {

    /// `y = value`
    void fill(Buffer y, double value);

    /// `y (+)= scale·x + shift`
    void affine(Buffer x, double scale, double shift, Destination y);

    /// `y = f(x)`
    void unary(UnaryFunction f, Buffer x, Buffer y);

    /// `dx (+)= dy·f′(x)`, given also `y = f(x)`
    void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx);

    /// `y (+)= f(a, b)` where a and b are walked as told and y is contiguous
    void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y);

    /// `x = factor·x` for many buffers, in place.
    default void scale(List<Buffer> xs, double factor) {
        for (Buffer x : xs) {
            affine(x, factor, 0, new Destination(x, false));
        }
    }
}
