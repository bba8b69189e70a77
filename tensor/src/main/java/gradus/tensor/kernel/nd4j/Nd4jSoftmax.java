package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;

import gradus.tensor.DType;
import gradus.tensor.kernel.Kernels.Targets;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Softmax and the losses made of it, in ND4J's operations.
final class Nd4jSoftmax {
    private Nd4jSoftmax() {}

    static void softmax(Buffer x, int rows, int columns, Buffer y) {
        y.view(rows, columns)
                .assign(RowExponentials.of(x.view(rows, columns), x.dtype()).probabilities());
    }

    static void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        INDArray p = y.view(rows, columns);
        INDArray upstream = dy.view(rows, columns);
        put(p.mul(upstream.sub(p.mul(upstream).sum(true, 1))), dx);
    }

    static void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        INDArray in = x.view(rows, columns);
        INDArray lse = RowExponentials.of(in, x.dtype()).logSum();
        y.view(rows, columns).assign(in.sub(Transforms.max(lse, Nd4jViews.lowest(x.dtype()), false)));
    }

    static void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        INDArray upstream = dy.view(rows, columns);
        INDArray p = Transforms.exp(y.view(rows, columns), true);
        put(upstream.sub(p.mul(upstream.sum(true, 1))), dx);
    }

    static void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        INDArray in = x.view(rows, columns);
        INDArray logSum = RowExponentials.of(in, x.dtype()).logSum();
        int[] places = IntStream.range(0, rows)
                .map(row -> row * columns + Math.max(0, classOf(targets, row)))
                .toArray();
        INDArray target = Nd4jViews.OPS
                .gather(x.view(x.length()), Nd4jViews.integers(places), 0)
                .reshape(rows, 1);
        double smoothing = targets.smoothing();
        INDArray loss = logSum.sub(target.mul(1 - smoothing));
        if (smoothing > 0) {
            loss.subi(in.mean(true, 1).mul(smoothing));
        }
        INDArray y = losses.view(rows, 1);
        y.assign(loss);
        zeroIgnored(y, targets);
        INDArray kept = lse.view(rows, 1);
        kept.assign(logSum);
        zeroIgnored(kept, targets);
    }

    static void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        if (dx == null) {
            return;
        }
        double smoothing = targets.smoothing();
        int[] classes =
                IntStream.range(0, rows).map(row -> classOf(targets, row)).toArray();
        INDArray wanted = Nd4jViews.OPS.oneHot(
                Nd4jViews.integers(classes),
                columns,
                1,
                1 - smoothing + smoothing / columns,
                smoothing / columns,
                x.dtype().nd4j());
        INDArray p = Transforms.exp(x.view(rows, columns).sub(lse.view(rows, 1)), false);
        INDArray gradient = p.sub(wanted).mul(dlosses.view(rows, 1));
        zeroIgnored(gradient, targets);
        put(gradient, dx);
    }

    /// The class of a row, -1 where it is ignored.
    private static int classOf(Targets targets, int row) {
        int target = targets.classes()[row];
        return target == targets.ignored() ? -1 : target;
    }

    private static void zeroIgnored(INDArray rows, Targets targets) {
        for (int row = 0; row < rows.size(0); row++) {
            if (classOf(targets, row) < 0) {
                rows.getRow(row, true).assign(0);
            }
        }
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
