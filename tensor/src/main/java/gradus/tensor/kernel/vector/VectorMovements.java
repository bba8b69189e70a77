package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.VectorPointwise.GRAIN;

import gradus.tensor.kernel.MovementKernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.Walks;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.VectorMask;

/// Strided copies, rows by number, and rows added to by number.
final class VectorMovements implements MovementKernels {

    @Override
    public void copy(Buffer x, Strided walkX, double scale, Strided walkY, Destination y) {
        if (y == null) {
            return;
        }
        float factor = (float) scale;
        Walks walks = new Walks(walkX, walkY);
        long xs = x.address();
        long ys = y.buffer().address();
        int strideX = walks.runStride(0);
        int strideY = walks.runStride(1);
        boolean accumulate = y.accumulate();
        VectorMask<Float> add = accumulating(accumulate);
        Runs.split(walks, (number, from, to) -> {
            long startX = xs + 4 * (walks.start(0, number) + (long) from * strideX);
            long startY = ys + 4 * (walks.start(1, number) + (long) from * strideY);
            if (strideX == 1 && strideY == 1) {
                VectorRuns.affine(startX, factor, 0, startY, to - from, add);
                return;
            }
            for (int i = 0; i < to - from; i++) {
                float value = factor * get(startX + 4L * i * strideX);
                long at = startY + 4L * i * strideY;
                set(at, accumulate ? get(at) + value : value);
            }
        });
    }

    @Override
    public void gather(Buffer x, int outer, int n, int inner, int[] indices, Buffer y) {
        y.changed();
        long xs = x.address();
        long ys = y.address();
        int m = indices.length;
        Parallel.rows(outer * m, Math.max(1, GRAIN / inner), (from, to) -> {
            for (int r = from; r < to; r++) {
                long row = (long) (r / m) * n + indices[r % m];
                VectorRuns.affine(xs + 4 * row * inner, 1, 0, ys + 4L * r * inner, inner, Lanes.NONE);
            }
        });
    }

    /// Every thread takes some of the columns of all rows, so that rows named twice meet in a fixed order.
    @Override
    public void scatterAdd(Buffer dy, int outer, int n, int inner, int[] indices, Destination dx) {
        if (dx == null) {
            return;
        }
        long dys = dy.address();
        long dxs = dx.buffer().address();
        int m = indices.length;
        if (!dx.accumulate()) {
            Lanes.zero(dxs, 4L * dx.buffer().length());
        }
        int grain = Math.max(W, GRAIN / Math.max(1, outer * m) / W * W);
        Parallel.rows(inner, grain, (from, to) -> {
            for (int r = 0; r < outer * m; r++) {
                long row = (long) (r / m) * n + indices[r % m];
                long start = dys + 4 * ((long) r * inner + from);
                VectorRuns.affine(start, 1, 0, dxs + 4 * (row * inner + from), to - from, Lanes.ALL);
            }
        });
    }
}
