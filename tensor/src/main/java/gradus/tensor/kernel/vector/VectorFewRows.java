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
/// while they are in the first cache, four times four where there are so many: sixteen sums keep both
/// multipliers of a core busy. The loops count in int: one that counts in long is compiled as two, and rows of
/// 768 took a third longer.
final class VectorFewRows {
    /// Above this OpenBLAS is faster.
    static final int MOST = 8;

    private static final int ROWS = 4;

    private VectorFewRows() {}

    /// `y = x·Wᵀ + b`
    static void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        Parallel.rows(w.rows(), ROWS, (from, to) -> {
            products(x, w, y, from, to);
            for (int m = 0; m < x.rows() && bias != null; m++) {
                long out = address(y, m) + 4L * from;
                VectorRuns.add(out, bias.address() + 4L * from, out, to - from, Lanes.NONE);
            }
        });
    }

    /// The columns of y from `from` to `to`. The four rows of W lie a quarter of the range apart, so that a
    /// thread reads four long streams, as memory likes best: neighbouring rows are as many short ones, whose
    /// beginnings nothing has fetched ahead. (gpt2's matrices by one row: 37 ms in neighbours, 24 ms in
    /// quarters.)
    private static void products(Matrix x, Matrix w, Matrix y, int from, int to) {
        int quarter = (to - from) / ROWS;
        long apart = 4L * w.stride() * quarter;
        long sums = Scratch.floats((long) ROWS * ROWS * W);
        int tiled = x.columns() % W == 0 ? x.rows() - x.rows() % ROWS : 0;
        for (int n = from; n < from + quarter; n++) {
            for (int m = 0; m < tiled; m += ROWS) {
                long x0 = address(x, m);
                long next = 4L * x.stride();
                fourByFour(x0, x0 + next, x0 + 2 * next, x0 + 3 * next, address(w, n), apart, x.columns(), sums);
                addLanes(sums, y, m, n, quarter);
            }
            for (int m = tiled; m < x.rows(); m++) {
                four(address(x, m), address(w, n), apart, x.columns(), 1, address(y, m) + 4L * n, 4L * quarter);
            }
        }
        for (int n = from + ROWS * quarter; n < to; n++) {
            for (int m = 0; m < x.rows(); m++) {
                set(address(y, m) + 4L * n, VectorRuns.dot(address(x, m), address(w, n), x.columns()));
            }
        }
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

    private static long address(Matrix matrix, int row) {
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

    /// The products of four rows, of whole registers, with four rows of W that lie `apart` bytes from each
    /// other, each as a register whose lanes are still to be added: first those with the first row of W. (To
    /// add them here would make the method longer than the compiler takes whole.)
    private static void fourByFour(long x0, long x1, long x2, long x3, long w, long apart, int k, long sums) {
        FloatVector nothing = zero();
        FloatVector a0 = nothing;
        FloatVector a1 = nothing;
        FloatVector a2 = nothing;
        FloatVector a3 = nothing;
        FloatVector b0 = nothing;
        FloatVector b1 = nothing;
        FloatVector b2 = nothing;
        FloatVector b3 = nothing;
        FloatVector c0 = nothing;
        FloatVector c1 = nothing;
        FloatVector c2 = nothing;
        FloatVector c3 = nothing;
        FloatVector d0 = nothing;
        FloatVector d1 = nothing;
        FloatVector d2 = nothing;
        FloatVector d3 = nothing;
        for (int i = 0; i < k; i += W) {
            long at = 4L * i;
            FloatVector p = load(x0 + at);
            FloatVector q = load(x1 + at);
            FloatVector r = load(x2 + at);
            FloatVector s = load(x3 + at);
            FloatVector row = load(w + at);
            a0 = p.fma(row, a0);
            a1 = q.fma(row, a1);
            a2 = r.fma(row, a2);
            a3 = s.fma(row, a3);
            row = load(w + apart + at);
            b0 = p.fma(row, b0);
            b1 = q.fma(row, b1);
            b2 = r.fma(row, b2);
            b3 = s.fma(row, b3);
            row = load(w + 2 * apart + at);
            c0 = p.fma(row, c0);
            c1 = q.fma(row, c1);
            c2 = r.fma(row, c2);
            c3 = s.fma(row, c3);
            row = load(w + 3 * apart + at);
            d0 = p.fma(row, d0);
            d1 = q.fma(row, d1);
            d2 = r.fma(row, d2);
            d3 = s.fma(row, d3);
        }
        store(sums, a0);
        store(sums + STEP, a1);
        store(sums + 2 * STEP, a2);
        store(sums + 3 * STEP, a3);
        store(sums + 4 * STEP, b0);
        store(sums + 5 * STEP, b1);
        store(sums + 6 * STEP, b2);
        store(sums + 7 * STEP, b3);
        store(sums + 8 * STEP, c0);
        store(sums + 9 * STEP, c1);
        store(sums + 10 * STEP, c2);
        store(sums + 11 * STEP, c3);
        store(sums + 12 * STEP, d0);
        store(sums + 13 * STEP, d1);
        store(sums + 14 * STEP, d2);
        store(sums + 15 * STEP, d3);
    }

    /// The lanes of those registers, added: into the rows m … m + 3 of y and four columns that lie `quarter`
    /// apart.
    private static void addLanes(long sums, Matrix y, int m, int n, int quarter) {
        for (int i = 0; i < ROWS * ROWS; i++) {
            long out = address(y, m + i % ROWS) + 4L * (n + i / ROWS * quarter);
            set(out, sum(load(sums + i * STEP)));
        }
    }
}
