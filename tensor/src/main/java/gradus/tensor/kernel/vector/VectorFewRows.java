package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.sum;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.memory.Buffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// A few rows times a large matrix, `y = x·Wᵀ + b`, as generation multiplies: what takes the time is
/// reading W once, and OpenBLAS would first copy it into another order. Four rows of W at a time meet every
/// row of x while they are in the first cache.
final class VectorFewRows {
    /// Above this OpenBLAS is faster.
    static final int MOST = 8;

    private static final int ROWS = 4;

    private VectorFewRows() {}

    static void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        Parallel.rows(w.rows(), ROWS, (from, to) -> {
            for (int n = from; n < to; n += ROWS) {
                for (int m = 0; m < x.rows(); m++) {
                    long row = address(x, m);
                    long out = address(y, m) + 4L * n;
                    if (to - n >= ROWS) {
                        four(row, address(w, n), 4L * w.stride(), x.columns(), out);
                    } else {
                        for (int i = 0; i < to - n; i++) {
                            set(out + 4L * i, VectorRuns.dot(row, address(w, n + i), x.columns()));
                        }
                    }
                    if (bias != null) {
                        for (int i = 0; i < Math.min(ROWS, to - n); i++) {
                            set(out + 4L * i, get(out + 4L * i) + get(bias.address() + 4L * (n + i)));
                        }
                    }
                }
            }
        });
    }

    private static long address(Matrix matrix, int row) {
        return matrix.buffer().address() + 4 * (matrix.offset() + (long) row * matrix.stride());
    }

    /// The products of one row with four.
    private static void four(long x, long w, long stride, int k, long out) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        long end = 4L * (k - k % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector each = load(x + i);
            a = each.fma(load(w + i), a);
            b = each.fma(load(w + stride + i), b);
            c = each.fma(load(w + 2 * stride + i), c);
            d = each.fma(load(w + 3 * stride + i), d);
        }
        if (k % W != 0) {
            VectorMask<Float> rest = tail(k % W);
            FloatVector each = load(x + end, rest);
            a = each.fma(load(w + end, rest), a);
            b = each.fma(load(w + stride + end, rest), b);
            c = each.fma(load(w + 2 * stride + end, rest), c);
            d = each.fma(load(w + 3 * stride + end, rest), d);
        }
        set(out, sum(a));
        set(out + 4, sum(b));
        set(out + 8, sum(c));
        set(out + 12, sum(d));
    }
}
