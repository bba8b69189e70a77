package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.accumulating;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.expOfNegative;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.SoftmaxKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Softmax and log-softmax, row by row: one pass for the largest element, one for the sum of
/// exponentials, one to write.
final class VectorSoftmax implements SoftmaxKernels {
    static int grain(int columns) {
        return Math.max(1, VectorPointwise.GRAIN / columns);
    }

    @Override
    public void softmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
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

    @Override
    public void softmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        if (dx == null) {
            return;
        }
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

    @Override
    public void logSoftmax(Buffer x, int rows, int columns, Buffer y) {
        y.changed();
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

    @Override
    public void logSoftmaxBackward(Buffer y, Buffer dy, int rows, int columns, Destination dx) {
        if (dx == null) {
            return;
        }
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

    static float maxRow(long x, int n) {
        FloatVector m = broadcast(Float.NEGATIVE_INFINITY);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            m = m.max(load(x + at));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            m = m.max(load(x + end, rest).blend(Float.NEGATIVE_INFINITY, rest.not()));
        }
        return Lanes.max(m);
    }

    static float sumRow(long x, int n) {
        FloatVector s = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            s = s.add(load(x + at));
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
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector e = expOfNegative(load(x + at).sub(m));
            store(y + at, e);
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
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(y + at).mul(f));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(y + end, rest).mul(f), rest);
        }
    }

    static float logSumExp(long x, int n) {
        float max = maxRow(x, n);
        if (Float.isInfinite(max)) {
            return max;
        }
        FloatVector m = broadcast(max);
        FloatVector s = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            s = s.add(expOfNegative(load(x + at).sub(m)));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            s = s.add(expOfNegative(load(x + end, rest).sub(m)).blend(0f, rest.not()));
        }
        return (float) (max + StrictMath.log(Lanes.sum(s)));
    }

    private static void subtractRow(long x, int n, float number, long y) {
        FloatVector m = broadcast(number);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(y + at, load(x + at).sub(m));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            store(y + end, load(x + end, rest).sub(m), rest);
        }
    }

    private static void softmaxBackwardRow(long y, long dy, int n, long dx, VectorMask<Float> add) {
        FloatVector s = zero();
        int whole = n - n % W;
        long end = 4L * whole;
        VectorMask<Float> rest = tail(n % W);
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            s = load(y + at).fma(load(dy + at), s);
        }
        if (n % W != 0) {
            s = load(y + end, rest).fma(load(dy + end, rest), s);
        }
        FloatVector dot = broadcast(Lanes.sum(s));
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            store(dx + at, load(dy + at).sub(dot).fma(load(y + at), load(dx + at, add)));
        }
        if (n % W != 0) {
            FloatVector g = load(dy + end, rest).sub(dot);
            store(dx + end, g.fma(load(y + end, rest), load(dx + end, rest.and(add))), rest);
        }
    }

    private static void logSoftmaxBackwardRow(long y, long dy, int n, long dx, VectorMask<Float> add) {
        FloatVector total = broadcast(-sumRow(dy, n));
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector g = expOfNegative(load(y + at)).fma(total, load(dy + at));
            store(dx + at, load(dx + at, add).add(g));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector g = expOfNegative(load(y + end, rest)).fma(total, load(dy + end, rest));
            store(dx + end, load(dx + end, rest.and(add)).add(g), rest);
        }
    }
}
