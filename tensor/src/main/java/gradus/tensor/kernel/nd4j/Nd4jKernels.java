package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.matrix;
import static gradus.tensor.kernel.nd4j.Nd4jViews.numbers;
import static gradus.tensor.kernel.nd4j.Nd4jViews.once;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.read;
import static gradus.tensor.kernel.nd4j.Nd4jViews.repeated;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.Rng;
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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Each kernel in ND4J's own operations: the definition, for every backend and type. Its results are new
/// arrays that are then put where they belong, and whose memory the next kernel reuses
/// ([Nd4jViews#temporarily]); speed is the business of other implementations. The larger families stand in
/// files of their own: [Nd4jUnary], [Nd4jNorms], [Nd4jSoftmax], [Nd4jAttention].
public class Nd4jKernels implements Kernels {
    @Override
    public String name() {
        return "nd4j";
    }

    // --- one element at a time

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

    @Override
    public void gated(Gate gate, Buffer a, Buffer b, Buffer y) {
        y.changed();
        temporarily(
                () -> flat(y).assign(Nd4jUnary.value(gate.function(), flat(a)).mul(flat(b))));
    }

    @Override
    public void gatedBackward(Gate gate, Buffer a, Buffer b, Buffer dy, Destination da, Destination db) {
        temporarily(() -> {
            INDArray value = Nd4jUnary.value(gate.function(), flat(a));
            INDArray slope = Nd4jUnary.derivative(gate.function(), flat(a), value);
            put(slope.mul(flat(b)).muli(flat(dy)), da);
            put(value.mul(flat(dy)), db);
        });
    }

    @Override
    public void dropout(Buffer x, Rng rng, double p, Destination y) {
        temporarily(() -> {
            double[] factors = new double[x.length()];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = rng.uniform(i) >= p ? 1 / (1 - p) : 0;
            }
            put(flat(x).mul(numbers(factors, x.dtype())), y);
        });
    }

    // --- sums

    @Override
    public void reduce(Reduction reduction, Buffer x, int outer, int n, int inner, Buffer y) {
        y.changed();
        temporarily(() -> {
            INDArray cube = x.view(outer, n, inner);
            y.view(outer, inner)
                    .assign(
                            switch (reduction) {
                                case SUM -> cube.sum(1);
                                case MAX -> cube.max(1);
                                case MIN -> cube.min(1);
                            });
        });
    }

    @Override
    public void sumTo(Buffer x, Strided walkY, double scale, Destination y) {
        temporarily(() -> {
            if (y != null) {
                INDArray all = read(x, new Strided(walkY.dims(), 0, rowMajor(walkY.dims())));
                int[] axes = repeated(walkY);
                INDArray sum = axes.length == 0 ? all : all.sum(true, axes);
                put(sum.mul(scale), once(y.buffer(), walkY), y.accumulate());
            }
        });
    }

    @Override
    public double sumOfSquares(Buffer x) {
        double[] sum = new double[1];
        temporarily(() -> {
            INDArray wide = flat(x).castTo(DataType.DOUBLE);
            sum[0] = wide.mul(wide).sumNumber().doubleValue();
        });
        return sum[0];
    }

    // --- moving

    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        temporarily(() -> {
            if (y != null) {
                put(read(x, walkX).mul(scale), once(y.buffer(), walkY), y.accumulate());
            }
        });
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        y.changed();
        temporarily(() -> {
            INDArray picked = Nd4jViews.OPS.gather(x.view(outer, n, inner), Nd4jViews.integers(indices), 1);
            y.view(outer, indices.length, inner).assign(picked);
        });
    }

    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        temporarily(() -> {
            INDArray rows =
                    dy.view(outer, indices.length, inner).permute(1, 0, 2).dup('c');
            INDArray sums = Nd4jViews.OPS.unsortedSegmentSum(rows, Nd4jViews.integers(indices), n); // (n, outer, inner)
            put(sums.permute(1, 0, 2), dx);
        });
    }

    @Override
    public void rotate(Buffer x, Rotation rotation, Destination y) {
        temporarily(() -> {
            if (y != null) {
                Nd4jRope.rotate(x, rotation, y);
            }
        });
    }

    // --- products

    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        c.buffer().changed();
        temporarily(() -> {
            for (int i = 0; i < batch; i++) {
                INDArray product = Nd4j.matmul(matrix(a, i), matrix(b, i)).muli(alpha);
                INDArray result = matrix(c, i);
                double factor = i > 0 && c.batchStride() == 0 ? 1 : beta; // a shared result sums over the batch
                put(factor == 0 ? product : product.addi(result.mul(factor)), result, false);
            }
        });
    }

    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        y.buffer().changed();
        matmul(1, 1, x, w.transpose(), 0, y);
        if (bias != null) {
            temporarily(() -> matrix(y, 0).addiRowVector(flat(bias)));
        }
    }

    // --- normalisation

    @Override
    public void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        temporarily(() -> Nd4jNorms.layerNorm(x, gain, bias, eps, rows, columns, norm));
    }

    @Override
    public void layerNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        temporarily(() -> Nd4jNorms.layerNormBackward(x, gain, norm, dy, rows, columns, gradients));
    }

    @Override
    public void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm) {
        norm.y().changed();
        temporarily(() -> Nd4jNorms.rmsNorm(x, gain, eps, rows, columns, norm));
    }

    @Override
    public void rmsNormBackward(
            Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients) {
        temporarily(() -> Nd4jNorms.rmsNormBackward(x, gain, norm, dy, rows, columns, gradients));
    }

    // --- softmax and losses

    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        temporarily(() -> Nd4jSoftmax.softmax(x, rows, columns, y));
    }

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        temporarily(() -> Nd4jSoftmax.softmaxBackward(y, dy, rows, columns, dx));
    }

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        temporarily(() -> Nd4jSoftmax.logSoftmax(x, rows, columns, y));
    }

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        temporarily(() -> Nd4jSoftmax.logSoftmaxBackward(y, dy, rows, columns, dx));
    }

    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        losses.changed();
        lse.changed();
        temporarily(() -> Nd4jSoftmax.crossEntropy(x, rows, columns, targets, losses, lse));
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        temporarily(() -> Nd4jSoftmax.crossEntropyBackward(x, rows, columns, targets, lse, dlosses, dx));
    }

    // --- attention

    @Override
    public void attention(AttentionShape shape, AttentionInput in, AttentionOutput out) {
        out.out().changed();
        temporarily(() -> Nd4jAttention.forward(shape, in, out));
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            AttentionInput in,
            AttentionOutput saved,
            AttentionOutput upstream,
            HeadGradients gradients) {
        temporarily(() -> Nd4jAttention.backward(shape, in, saved, upstream, gradients));
    }

    // --- optimisers

    @Override
    public void adamW(AdamWStep step, Buffer parameter, Buffer gradient, Buffer m, Buffer v) {
        parameter.changed();
        m.changed();
        v.changed();
        temporarily(() -> {
            INDArray theta = flat(parameter);
            INDArray g = flat(gradient);
            INDArray mean = flat(m);
            INDArray square = flat(v);
            mean.muli(step.beta1()).addi(g.mul(1 - step.beta1()));
            square.muli(step.beta2()).addi(g.mul(g).muli(1 - step.beta2()));
            INDArray mHat = mean.div(1 - Math.pow(step.beta1(), step.step()));
            INDArray vHat = square.div(1 - Math.pow(step.beta2(), step.step()));
            theta.muli(1 - step.learningRate() * step.weightDecay());
            theta.subi(mHat.divi(Transforms.sqrt(vHat, false).addi(step.eps())).muli(step.learningRate()));
        });
    }

    private static INDArray flat(Buffer buffer) {
        return buffer.view(buffer.length());
    }

    private static int[] rowMajor(int[] dims) {
        int[] strides = new int[dims.length];
        for (int axis = dims.length - 1, stride = 1; axis >= 0; stride *= dims[axis], axis--) {
            strides[axis] = stride;
        }
        return strides;
    }
}
