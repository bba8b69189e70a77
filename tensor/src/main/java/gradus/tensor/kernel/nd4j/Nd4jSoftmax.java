package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.SoftmaxKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.DType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Softmax and its logarithm, in ND4J's operations.
final class Nd4jSoftmax implements SoftmaxKernels {
    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        temporarily(() -> {
            y.view(rows, columns)
                    .assign(RowExponentials.of(x.view(rows, columns), x.dtype()).probabilities());
        });
    }

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        temporarily(() -> {
            INDArray p = y.view(rows, columns);
            INDArray upstream = dy.view(rows, columns);
            put(p.mul(upstream.sub(p.mul(upstream).sum(true, 1))), dx);
        });
    }

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
        temporarily(() -> {
            INDArray in = x.view(rows, columns);
            INDArray lse = RowExponentials.of(in, x.dtype()).logSum();
            y.view(rows, columns).assign(in.sub(Transforms.max(lse, Nd4jViews.lowest(x.dtype()), false)));
        });
    }

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        temporarily(() -> {
            INDArray upstream = dy.view(rows, columns);
            INDArray p = Transforms.exp(y.view(rows, columns), true);
            put(upstream.sub(p.mul(upstream.sum(true, 1))), dx);
        });
    }

    /// `e = exp(x - max)` of each row, its maxima and its sums. In a row that is not all -∞ the largest
    /// element gives e⁰ = 1, so the sum is at least 1; a row of -∞ has the sum 0.
    record RowExponentials(INDArray e, INDArray max, INDArray sum) {
        static RowExponentials of(INDArray x, DType type) {
            INDArray max = Transforms.max(x.max(true, 1), Nd4jViews.lowest(type), false);
            INDArray e = Transforms.exp(x.sub(max), false);
            return new RowExponentials(e, max, e.sum(true, 1));
        }

        INDArray probabilities() {
            return e.div(Transforms.max(sum, 1, true));
        }

        INDArray logSum() {
            return Transforms.log(sum, true).addi(max);
        }
    }
}
