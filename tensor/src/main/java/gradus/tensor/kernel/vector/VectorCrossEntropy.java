package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.expOfNegative;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;

import gradus.tensor.kernel.CrossEntropyKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Softmax and cross-entropy in one, row by row. The gradient of a row is its probabilities less the target,
/// which are computed again from the log-sum-exp.
final class VectorCrossEntropy implements CrossEntropyKernels {
    @Override
    public void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        losses.changed();
        lse.changed();
        long xs = x.address();
        long outs = losses.address();
        long lses = lse.address();
        long stride = 4L * columns;
        float smoothing = (float) targets.smoothing();
        Parallel.rows(rows, VectorSoftmax.grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                int target = targets.classes()[r];
                long row = xs + r * stride;
                float loss = 0;
                float l = 0;
                if (target != targets.ignored()) {
                    l = VectorSoftmax.logSumExp(row, columns);
                    loss = l - (1 - smoothing) * get(row + 4L * target);
                    if (smoothing != 0) {
                        loss -= smoothing * VectorSoftmax.sumRow(row, columns) / columns;
                    }
                }
                set(lses + 4L * r, l);
                set(outs + 4L * r, loss);
            }
        });
    }

    @Override
    public void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        if (dx == null) {
            return;
        }
        long xs = x.address();
        long lses = lse.address();
        long dls = dlosses.address();
        long dxs = dx.buffer().address();
        boolean accumulate = dx.accumulate();
        VectorMask<Float> add = accumulating(accumulate);
        long stride = 4L * columns;
        float smoothing = (float) targets.smoothing();
        Parallel.rows(rows, VectorSoftmax.grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                int target = targets.classes()[r];
                long row = dxs + r * stride;
                float scale = get(dls + 4L * r);
                if (target != targets.ignored()) {
                    float l = get(lses + 4L * r);
                    probabilitiesRow(xs + r * stride, columns, l, scale, smoothing / columns, row, add);
                    long hit = row + 4L * target;
                    set(hit, get(hit) - scale * (1 - smoothing));
                } else if (!accumulate) {
                    Lanes.zero(row, stride);
                }
            }
        });
    }

    /// `dx (+)= scale·(exp(x - lse) - uniform)`
    private static void probabilitiesRow(
            long x, int n, float lse, float scale, float uniform, long dx, VectorMask<Float> add) {
        FloatVector l = broadcast(lse);
        FloatVector u = broadcast(uniform);
        FloatVector s = broadcast(scale);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector p = expOfNegative(load(x + at).sub(l)).sub(u);
            store(dx + at, p.fma(s, load(dx + at, add)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector p = expOfNegative(load(x + end, rest).sub(l)).sub(u);
            store(dx + end, p.fma(s, load(dx + end, rest.and(add))), rest);
        }
    }
}
