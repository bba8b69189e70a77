package gradus.tensor.kernel.vector;

import gradus.tensor.Rng;
import gradus.tensor.jvm.JvmFlags;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.AttentionInput;
import gradus.tensor.kernel.AttentionOutput;
import gradus.tensor.kernel.AttentionShape;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.Rotation;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// The kernels for float32 on the CPU: `jdk.incubator.vector` over ND4J's off-heap memory and ND4J's own
/// OpenBLAS, split over the cores by [Parallel]. The work is in one file for each family.
public final class VectorKernels implements Kernels {

    /// Whether this JVM has the vector module and OpenBLAS could be found.
    public static boolean available() {
        return JvmFlags.hasVectorModule() && Blas.available();
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public void fill(Buffer y, double value) {
        y.changed();
        VectorPointwise.fill(y, (float) value);
    }

    @Override
    public void affine(Buffer x, double scale, double shift, Destination y) {
        if (y != null) {
            VectorPointwise.affine(x, (float) scale, (float) shift, y);
        }
    }

    @Override
    public void unary(UnaryFunction f, Buffer x, Buffer y) {
        y.changed();
        VectorPointwise.unary(f, x, y);
    }

    @Override
    public void unaryBackward(UnaryFunction f, Buffer x, Buffer y, Buffer dy, Destination dx) {
        if (dx != null) {
            VectorPointwise.unaryBackward(f, x, y, dy, dx);
        }
    }

    @Override
    public void binary(BinaryFunction f, Buffer a, Strided walkA, Buffer b, Strided walkB, Destination y) {
        if (y != null) {
            VectorMoves.binary(f, a, walkA, b, walkB, y);
        }
    }

    @Override
    public void gated(Gate gate, Buffer a, Buffer b, Buffer y) {
        y.changed();
        VectorGates.forward(gate, a, b, y);
    }

    @Override
    public void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        VectorGates.backward(gate, a, b, dy, da, db);
    }

    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        if (y != null) {
            VectorDropout.dropout(x, rng, p, y);
        }
    }

    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        y.changed();
        VectorMoves.reduce(reduction, x, outer, n, inner, y);
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        if (y != null) {
            VectorMoves.sumTo(x, walkY, (float) scale, y);
        }
    }

    @Override
    public double sumOfSquares(Buffer x) {
        return VectorOptimizers.sumOfSquares(x);
    }

    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        if (y != null) {
            VectorMoves.copy(x, walkX, (float) scale, walkY, y);
        }
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        y.changed();
        VectorMoves.gather(x, outer, n, inner, indices, y);
    }

    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        if (dx != null) {
            VectorMoves.scatterAdd(dy, outer, n, inner, indices, dx);
        }
    }

    @Override
    public void rotate(Buffer x, Rotation rotation, Destination y) {
        if (y != null) {
            VectorRope.rotate(x, rotation, y);
        }
    }

    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        c.buffer().changed();
        VectorProducts.matmul(batch, (float) alpha, a, b, (float) beta, c);
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        y.buffer().changed();
        VectorProducts.linear(x, w, bias, y);
    }

    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        VectorNorms.forward(x, gain, bias, (float) eps, rows, columns, norm, true);
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        VectorNorms.backward(x, gain, norm, dy, rows, columns, gradients);
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        VectorNorms.forward(x, gain, null, (float) eps, rows, columns, norm, false);
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        VectorNorms.backward(x, gain, norm, dy, rows, columns, gradients);
    }

    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        VectorSoftmax.softmax(x, rows, columns, y);
    }

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        if (dx != null) {
            VectorSoftmax.softmaxBackward(y, dy, rows, columns, dx);
        }
    }

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        VectorSoftmax.logSoftmax(x, rows, columns, y);
    }

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        if (dx != null) {
            VectorSoftmax.logSoftmaxBackward(y, dy, rows, columns, dx);
        }
    }

    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        losses.changed();
        lse.changed();
        VectorSoftmax.crossEntropy(x, rows, columns, targets, losses, lse);
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        if (dx != null) {
            VectorSoftmax.crossEntropyBackward(x, rows, columns, targets, lse, dlosses, dx);
        }
    }

    @Override
    public void attention(AttentionShape shape, AttentionInput in, AttentionOutput out) {
        out.out().changed();
        VectorAttention.forward(shape, in, out);
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            AttentionInput in,
            AttentionOutput saved,
            AttentionOutput upstream,
            HeadGradients gradients) {
        VectorAttentionBackward.backward(shape, in, saved, upstream, gradients);
    }

    @Override
    public void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
        parameter.changed();
        m.changed();
        v.changed();
        VectorOptimizers.adamW(step, parameter, gradient, m, v);
    }
}
