package gradus.tensor.kernel;

import gradus.tensor.Rng;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Each kernel in ND4J's own operations: the definition.
class Nd4jKernels implements Kernels {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public void fill(Buffer y, double value) {
        throw new AssertionError();
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        throw new AssertionError();
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        throw new AssertionError();
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        throw new AssertionError();
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        throw new AssertionError();
    }

    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        throw new AssertionError();
    }

    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        throw new AssertionError();
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        throw new AssertionError();
    }

    @Override
    public double sumOfSquares(Buffer x) {
        throw new AssertionError();
    }

    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        throw new AssertionError();
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        throw new AssertionError();
    }

    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        throw new AssertionError();
    }

    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        throw new AssertionError();
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        throw new AssertionError();
    }

    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        throw new AssertionError();
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        throw new AssertionError();
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        throw new AssertionError();
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        throw new AssertionError();
    }

    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        throw new AssertionError();
    }

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        throw new AssertionError();
    }

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        throw new AssertionError();
    }

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        throw new AssertionError();
    }

    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        throw new AssertionError();
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        throw new AssertionError();
    }

    @Override
    public void attention(AttentionShape shape, Heads q, Heads k, Heads v, Buffer out, Buffer lse) {
        throw new AssertionError();
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            Heads q,
            Heads k,
            Heads v,
            Buffer out,
            Buffer lse,
            Buffer dout,
            HeadGradients gradients) {
        throw new AssertionError();
    }

    @Override
    public void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
        throw new AssertionError();
    }
}
