package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.CrossEntropyKernels;
import gradus.tensor.kernel.nd4j.Nd4jSoftmax.RowExponentials;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Cross-entropy over classes, from the logits.
final class Nd4jCrossEntropy implements CrossEntropyKernels {
    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        losses.changed();
        lse.changed();
        temporarily(() -> {
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
        });
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        temporarily(() -> {
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
        });
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
}
