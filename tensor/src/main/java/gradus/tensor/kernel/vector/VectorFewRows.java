package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.sum;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.memory.Buffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// A few rows times a large matrix, as generation multiplies: what takes the time is reading the matrix once,
/// and OpenBLAS would first copy it into another order. A few rows of the matrix at a time meet every other row
/// while they are in the nearest caches. The loops count in int: one that counts in long is compiled as two, and rows
/// of 768 took a third longer.
final class VectorFewRows {
    /// Above this OpenBLAS is faster, unless tiles are.
    private static final int MOST = 8;

    private static final int ROWS = 4;

    private VectorFewRows() {}

    /// Whether this is faster than OpenBLAS.
    static boolean suits(Matrix x) {
        return x.rows() <= MOST || FourBySix.suits(x);
    }

    /// `y = x·Wᵀ + b`
    static void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        Parallel.rows(w.rows(), FourBySix.COLUMNS, (from, to) -> {
            products(x, w, y, from, to);
            for (int m = 0; m < x.rows() && bias != null; m++) {
                long out = address(y, m) + 4L * from;
                VectorRuns.add(out, bias.address() + 4L * from, out, to - from, Lanes.NONE);
            }
        });
    }

    private static void products(Matrix x, Matrix w, Matrix y, int from, int to) {
        int n = FourBySix.suits(x) ? FourBySix.products(x, w, y, from, to) : quarters(x, w, y, from, to);
        for (; n < to; n++) {
            for (int m = 0; m < x.rows(); m++) {
                set(address(y, m) + 4L * n, VectorRuns.dot(address(x, m), address(w, n), x.columns()));
            }
        }
    }

    /// Columns of y from `from` on, as many as four divides. The four rows of W lie a quarter of the range apart, so
    /// that a thread reads four long streams, as memory likes best: neighbouring rows are as many short ones, whose
    /// beginnings nothing has fetched ahead. (gpt2's matrices by one row: 37 ms in neighbours, 24 ms in quarters.)
    ///
    /// @return the first column that is not done
    private static int quarters(Matrix x, Matrix w, Matrix y, int from, int to) {
        int quarter = (to - from) / ROWS;
        long apart = 4L * w.stride() * quarter;
        for (int n = from; n < from + quarter; n++) {
            for (int m = 0; m < x.rows(); m++) {
                four(address(x, m), address(w, n), apart, x.columns(), 1, address(y, m) + 4L * n, 4L * quarter);
            }
        }
        return from + ROWS * quarter;
    }

    /// `yⱼ = scale·Σ xᵢ·Wⱼᵢ` for n rows of W, one after the other.
    static void products(long x, long w, long stride, int n, int k, float scale, long y) {
        int j = 0;
        for (; j + ROWS <= n; j += ROWS) {
            four(x, w + j * stride, stride, k, scale, y + 4L * j, 4);
        }
        for (; j < n; j++) {
            set(y + 4L * j, scale * VectorRuns.dot(x, w + j * stride, k));
        }
    }

    /// `y = Σⱼ xⱼ·Wⱼ` over n rows of W with k elements, or adds that to y.
    static void combine(long x, long w, long stride, int n, int k, boolean add, long y) {
        int i = 0;
        for (; i + 4 * W <= k; i += 4 * W) { // four sums that do not wait for each other
            long at = y + 4L * i;
            FloatVector a = add ? load(at) : zero();
            FloatVector b = add ? load(at + STEP) : zero();
            FloatVector c = add ? load(at + 2 * STEP) : zero();
            FloatVector d = add ? load(at + 3 * STEP) : zero();
            for (int j = 0; j < n; j++) {
                FloatVector each = broadcast(get(x + 4L * j));
                long row = w + j * stride + 4L * i;
                a = each.fma(load(row), a);
                b = each.fma(load(row + STEP), b);
                c = each.fma(load(row + 2 * STEP), c);
                d = each.fma(load(row + 3 * STEP), d);
            }
            store(at, a);
            store(at + STEP, b);
            store(at + 2 * STEP, c);
            store(at + 3 * STEP, d);
        }
        for (; i < k; i += W) {
            VectorMask<Float> rest = tail(Math.min(W, k - i));
            FloatVector a = add ? load(y + 4L * i, rest) : zero();
            for (int j = 0; j < n; j++) {
                a = broadcast(get(x + 4L * j)).fma(load(w + j * stride + 4L * i, rest), a);
            }
            store(y + 4L * i, a, rest);
        }
    }

    static long address(Matrix matrix, int row) {
        return matrix.buffer().address() + 4 * (matrix.offset() + (long) row * matrix.stride());
    }

    /// The products of one row with four, times `scale`, written `step` bytes apart.
    private static void four(long x, long w, long stride, int k, float scale, long out, long step) {
        FloatVector a = zero();
        FloatVector b = zero();
        FloatVector c = zero();
        FloatVector d = zero();
        int end = k - k % W;
        for (int i = 0; i < end; i += W) {
            long at = 4L * i;
            FloatVector each = load(x + at);
            a = each.fma(load(w + at), a);
            b = each.fma(load(w + stride + at), b);
            c = each.fma(load(w + 2 * stride + at), c);
            d = each.fma(load(w + 3 * stride + at), d);
        }
        if (k % W != 0) {
            VectorMask<Float> rest = tail(k % W);
            long at = 4L * end;
            FloatVector each = load(x + at, rest);
            a = each.fma(load(w + at, rest), a);
            b = each.fma(load(w + stride + at, rest), b);
            c = each.fma(load(w + 2 * stride + at, rest), c);
            d = each.fma(load(w + 3 * stride + at, rest), d);
        }
        set(out, scale * sum(a));
        set(out + step, scale * sum(b));
        set(out + 2 * step, scale * sum(c));
        set(out + 3 * step, scale * sum(d));
    }
}
