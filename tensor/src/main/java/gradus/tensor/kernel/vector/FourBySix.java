package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.S;
import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.sum;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.Matrix;
import jdk.incubator.vector.FloatVector;

/// Some rows times Wᵀ: four of them at a time meet six rows of W. A core waits for memory with as many loads
/// under way as fit among the few hundred instructions that it looks ahead, so the fewer instructions there
/// are for each load of W the faster W comes: 9½ here, 12 with four rows of W (gpt2's matrices by eight rows:
/// 21.5 ms with four, 19.0 ms with six). More sums than 24 and what they are made of do not fit in 32
/// registers.
final class FourBySix {
    private static final int ROWS = 4;
    static final int COLUMNS = 6;

    private FourBySix() {}

    /// Whether no other way is faster. With the registers of AVX-512, gpt2's matrices take 32 ms by 16 rows and 98 ms
    /// by 64; by OpenBLAS, which copies W first, 57 and 114. More rows were not measured. OpenBLAS catches up at 64
    /// rows of 384 and at 20 of 96, and with fewer or shorter registers at eight.
    static boolean suits(Matrix x) {
        boolean roomy = W >= 16;
        int least = roomy ? 2 : 3;
        int most = !roomy ? 8 : x.columns() >= 512 ? 64 : 16;
        return x.columns() % W == 0 && x.rows() >= least && x.rows() <= most;
    }

    /// Columns of y from `from` on, as many as six divides. The rows of W that meet lie a sixth of the range
    /// apart, as in [VectorFewRows].
    ///
    /// @param x that [#suits]
    /// @return the first column that is not done
    static int products(Matrix x, Matrix w, Matrix y, int from, int to) {
        int part = (to - from) / COLUMNS;
        int k = x.columns();
        long packed = pack(x);
        float[] sums = new float[ROWS * COLUMNS * W];
        for (int n = from; n < from + part; n++) {
            for (int m = 0; m < x.rows(); m += ROWS) {
                tile(packed + 4L * m * k, VectorFewRows.address(w, n), 4L * w.stride() * part, k, sums);
                addLanes(sums, Math.min(ROWS, x.rows() - m), y, m, n, part);
            }
        }
        return from + COLUMNS * part;
    }

    /// Four rows of x side by side: a register of each, then the next of each, so that one address finds them
    /// all. (Ten addresses are more than the general registers hold.) Zeros fill up the last four.
    private static long pack(Matrix x) {
        int rows = (x.rows() + ROWS - 1) / ROWS * ROWS;
        long packed = Scratch.floats((long) rows * x.columns());
        for (int m = 0; m < rows; m++) {
            long to = packed + 4L * (m - m % ROWS) * x.columns() + m % ROWS * STEP;
            for (int i = 0; i < x.columns(); i += W) {
                store(to + 4L * ROWS * i, m < x.rows() ? load(VectorFewRows.address(x, m) + 4L * i) : zero());
            }
        }
        return packed;
    }

    /// The products of four packed rows with six rows of W that lie `apart` bytes from each other, each as a
    /// register whose lanes are still to be added: first those with the first row of W. To add them here, or
    /// to store them outside of the heap, would make the method longer than the compiler takes whole.
    private static void tile(long x, long w, long apart, int k, float[] sums) {
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
        FloatVector e0 = nothing;
        FloatVector e1 = nothing;
        FloatVector e2 = nothing;
        FloatVector e3 = nothing;
        FloatVector f0 = nothing;
        FloatVector f1 = nothing;
        FloatVector f2 = nothing;
        FloatVector f3 = nothing;
        for (int i = 0; i < k; i += W) {
            long at = 4L * i;
            long packed = x + ROWS * at;
            FloatVector p = load(packed);
            FloatVector q = load(packed + STEP);
            FloatVector r = load(packed + 2 * STEP);
            FloatVector s = load(packed + 3 * STEP);
            FloatVector row;
            row = load(w + at);
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
            row = load(w + 4 * apart + at);
            e0 = p.fma(row, e0);
            e1 = q.fma(row, e1);
            e2 = r.fma(row, e2);
            e3 = s.fma(row, e3);
            row = load(w + 5 * apart + at);
            f0 = p.fma(row, f0);
            f1 = q.fma(row, f1);
            f2 = r.fma(row, f2);
            f3 = s.fma(row, f3);
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, W);
        a2.intoArray(sums, 2 * W);
        a3.intoArray(sums, 3 * W);
        b0.intoArray(sums, 4 * W);
        b1.intoArray(sums, 5 * W);
        b2.intoArray(sums, 6 * W);
        b3.intoArray(sums, 7 * W);
        c0.intoArray(sums, 8 * W);
        c1.intoArray(sums, 9 * W);
        c2.intoArray(sums, 10 * W);
        c3.intoArray(sums, 11 * W);
        d0.intoArray(sums, 12 * W);
        d1.intoArray(sums, 13 * W);
        d2.intoArray(sums, 14 * W);
        d3.intoArray(sums, 15 * W);
        e0.intoArray(sums, 16 * W);
        e1.intoArray(sums, 17 * W);
        e2.intoArray(sums, 18 * W);
        e3.intoArray(sums, 19 * W);
        f0.intoArray(sums, 20 * W);
        f1.intoArray(sums, 21 * W);
        f2.intoArray(sums, 22 * W);
        f3.intoArray(sums, 23 * W);
    }

    /// The lanes of those registers, added: into the rows m … of y and six columns that lie `part` apart.
    private static void addLanes(float[] sums, int rows, Matrix y, int m, int n, int part) {
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            if (i % ROWS < rows) {
                long out = VectorFewRows.address(y, m + i % ROWS) + 4L * (n + i / ROWS * part);
                set(out, sum(FloatVector.fromArray(S, sums, i * W)));
            }
        }
    }
}
