package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.expOfNegative;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.Kernels.Targets;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Softmax, log-softmax and cross-entropy, row by row: one pass for the largest element, one for the sum of
/// exponentials, one to write.
final class VectorSoftmax {
    private VectorSoftmax() {}

    private static int grain(int columns) {
        return Math.max(1, VectorPointwise.GRAIN / columns);
    }

    static void softmax(Buffer x, int rows, int columns, Buffer y) {
        long xs = x.address();
        long ys = y.address();
        long stride = 4L * columns;
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                float max = maxRow(xs + r * stride, columns);
                if (max == Float.NEGATIVE_INFINITY) {
                    Lanes.zero(ys + r * stride, stride);
                } else {
                    float sum = expRow(xs + r * stride, columns, max, ys + r * stride);
                    scaleRow(ys + r * stride, columns, 1 / sum);
                }
            }
        });
    }

    static void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        long ys = y.address();
        long dys = dy.address();
        long dxs = dx.buffer().address();
        VectorMask<Float> add = accumulating(dx.accumulate());
        long stride = 4L * columns;
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                softmaxBackwardRow(ys + r * stride, dys + r * stride, columns, dxs + r * stride, add);
            }
        });
    }

    static void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        long xs = x.address();
        long ys = y.address();
        long stride = 4L * columns;
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                // A row of -∞ only has an lse of -∞ too; the logarithm of its softmax, zeros, is -∞ and not NaN.
                float lse = Math.max(logSumExp(xs + r * stride, columns), -Float.MAX_VALUE);
                subtractRow(xs + r * stride, columns, lse, ys + r * stride);
            }
        });
    }

    static void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        long ys = y.address();
        long dys = dy.address();
        long dxs = dx.buffer().address();
        VectorMask<Float> add = accumulating(dx.accumulate());
        long stride = 4L * columns;
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                logSoftmaxBackwardRow(ys + r * stride, dys + r * stride, columns, dxs + r * stride, add);
            }
        });
    }

    static void crossEntropy(Buffer x, int rows, int columns, Targets targets, Buffer losses, Buffer lse) {
        long xs = x.address();
        long outs = losses.address();
        long lses = lse.address();
        long stride = 4L * columns;
        float smoothing = (float) targets.smoothing();
        Parallel.rows(rows, grain(columns), (from, to) -> {
            for (int r = from; r < to; r++) {
                int target = targets.classes()[r];
                long row = xs + r * stride;
                float loss = 0;
                float l = 0;
                if (target != targets.ignored()) {
                    l = logSumExp(row, columns);
                    loss = l - (1 - smoothing) * get(row + 4L * target);
                    if (smoothing != 0) {
                        loss -= smoothing * sumRow(row, columns) / columns;
                    }
                }
                set(lses + 4L * r, l);
                set(outs + 4L * r, loss);
            }
        });
    }

    static void crossEntropyBackward(
            Buffer x, int rows, int columns, Targets targets, Buffer lse, Buffer dlosses, Destination dx) {
        long xs = x.address();
        long lses = lse.address();
        long dls = dlosses.address();
        long dxs = dx.buffer().address();
        boolean accumulate = dx.accumulate();
        VectorMask<Float> add = accumulating(accumulate);
        long stride = 4L * columns;
        float smoothing = (float) targets.smoothing();
        Parallel.rows(rows, grain(columns), (from, to) -> {
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

    static float maxRow(long x, int n) {
        FloatVector m = broadcast(Float.NEGATIVE_INFINITY);
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            m = m.max(load(x + i));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            m = m.max(load(x + end, rest).blend(Float.NEGATIVE_INFINITY, rest.not()));
        }
        return Lanes.max(m);
    }

    private static float sumRow(long x, int n) {
        FloatVector s = zero();
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            s = s.add(load(x + i));
        }
        if (n % W != 0) {
            s = s.add(load(x + end, tail(n % W)));
        }
        return Lanes.sum(s);
    }

    /// `y = exp(x - max)`; returns the sum.
    static float expRow(long x, int n, float max, long y) {
        FloatVector m = broadcast(max);
        FloatVector s = zero();
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector e = expOfNegative(load(x + i).sub(m));
            store(y + i, e);
            s = s.add(e);
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector e = expOfNegative(load(x + end, rest).sub(m)).blend(0f, rest.not());
            store(y + end, e, rest);
            s = s.add(e);
        }
        return Lanes.sum(s);
    }

    static void scaleRow(long y, int n, float factor) {
        FloatVector f = broadcast(factor);
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            store(y + i, load(y + i).mul(f));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest).mul(f), rest);
        }
    }

    private static float logSumExp(long x, int n) {
        float max = maxRow(x, n);
        if (Float.isInfinite(max)) {
            return max;
        }
        FloatVector m = broadcast(max);
        FloatVector s = zero();
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            s = s.add(expOfNegative(load(x + i).sub(m)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            s = s.add(expOfNegative(load(x + end, rest).sub(m)).blend(0f, rest.not()));
        }
        return (float) (max + StrictMath.log(Lanes.sum(s)));
    }

    private static void subtractRow(long x, int n, float number, long y) {
        FloatVector m = broadcast(number);
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            store(y + i, load(x + i).sub(m));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(x + end, rest).sub(m), rest);
        }
    }

    private static void softmaxBackwardRow(long y, long dy, int n, long dx, VectorMask<Float> add) {
        FloatVector s = zero();
        long end = 4L * (n - n % W);
        VectorMask<Float> rest = tail(n % W);
        for (long i = 0; i < end; i += STEP) {
            s = load(y + i).fma(load(dy + i), s);
        }
        if (n % W != 0) {
            s = load(y + end, rest).fma(load(dy + end, rest), s);
        }
        FloatVector dot = broadcast(Lanes.sum(s));
        for (long i = 0; i < end; i += STEP) {
            store(dx + i, load(dy + i).sub(dot).fma(load(y + i), load(dx + i, add)));
        }
        if (n % W != 0) {
            FloatVector g = load(dy + end, rest).sub(dot);
            store(dx + end, g.fma(load(y + end, rest), load(dx + end, rest.and(add))), rest);
        }
    }

    private static void logSoftmaxBackwardRow(long y, long dy, int n, long dx, VectorMask<Float> add) {
        FloatVector total = broadcast(-sumRow(dy, n));
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector g = expOfNegative(load(y + i)).fma(total, load(dy + i));
            store(dx + i, load(dx + i, add).add(g));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector g = expOfNegative(load(y + end, rest)).fma(total, load(dy + end, rest));
            store(dx + end, load(dx + end, rest.and(add)).add(g), rest);
        }
    }

    /// `dx (+)= scale·(exp(x - lse) - uniform)`
    private static void probabilitiesRow(
            long x, int n, float lse, float scale, float uniform, long dx, VectorMask<Float> add) {
        FloatVector l = broadcast(lse);
        FloatVector u = broadcast(uniform);
        FloatVector s = broadcast(scale);
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector p = expOfNegative(load(x + i).sub(l)).sub(u);
            store(dx + i, p.fma(s, load(dx + i, add)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector p = expOfNegative(load(x + end, rest).sub(l)).sub(u);
            store(dx + end, p.fma(s, load(dx + end, rest.and(add))), rest);
        }
    }
}
