package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.once;
import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.read;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import org.nd4j.linalg.api.ndarray.INDArray;

/// Strided copies, rows by number, and rows added to by number.
final class Nd4jMovements implements MovementKernels {
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
}
