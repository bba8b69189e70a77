package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.LowRank;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The gradients of a low-rank addition. Each of the four products is thin: it reads a large matrix once and
/// does little with it. So the rows go by in blocks that stay in a core's cache, and a block of dY serves G
/// and dB while it is there, a block of X and dX both of theirs: each large matrix is read from memory once.
/// Every thread sums dA and dBᵀ of its own rows, and the sums are added in the threads' order.
final class VectorLowRank {
    /// Rows of a block: of 1,536 columns they are 400 kB.
    private static final int BLOCK = 64;

    private final LowRank of;
    private final Matrix dy;
    private final LowRank.Gradients to;
    private final int rank;
    private final int in;
    private final int out;
    private final int rows;

    VectorLowRank(LowRank of, Matrix dy, LowRank.Gradients to) {
        this.of = of;
        this.dy = dy;
        this.to = to;
        this.rank = of.a().rows();
        this.in = of.x().columns();
        this.out = of.b().rows();
        this.rows = of.x().rows();
    }

    void run() {
        int sums = rank * (in + out); // dA, then dBᵀ without s
        Buffer partial = dy.buffer().like(Parallel.THREADS * sums);
        Parallel.run((part, parts) -> {
            long da = partial.address() + 4L * part * sums;
            zero(da, 4L * sums);
            long g = Scratch.floats(2L * BLOCK * rank); // and H behind it
            for (int row = first(part); row < first(part + 1); row += BLOCK) {
                block(row, Math.min(BLOCK, first(part + 1) - row), g, da, da + 4L * rank * in);
            }
        });
        for (int part = 1; part < Parallel.THREADS; part++) {
            long sum = partial.address();
            VectorRuns.add(sum, sum + 4L * part * sums, sum, sums, Lanes.NONE);
        }
        if (to.a() != null) {
            long da = to.a().buffer().address();
            VectorRuns.affine(
                    partial.address(),
                    1,
                    0,
                    da,
                    rank * in,
                    Lanes.accumulating(to.a().accumulate()));
        }
        if (to.b() != null) {
            transposed(partial.address() + 4L * rank * in, to.b());
        }
    }

    /// The first row of a thread.
    private int first(int part) {
        int blocks = (rows + BLOCK - 1) / BLOCK;
        return Math.min(rows, (int) ((long) blocks * part / Parallel.THREADS) * BLOCK);
    }

    private void block(int row, int count, long g, long da, long db) {
        long dys = VectorProducts.at(dy, 0, row, 0);
        long x = VectorProducts.at(of.x(), 0, row, 0);
        if (to.x() != null || to.a() != null) {
            float s = (float) of.scale();
            Blas.sgemm(false, false, count, rank, out, s, dys, dy.stride(), whole(of.b()), rank, 0, g, rank);
        }
        if (to.b() != null) {
            addProducts(h(row, count, x, g + 4L * BLOCK * rank), rank, dys, 4L * dy.stride(), out, count, db);
        }
        if (to.a() != null) {
            addProducts(g, rank, x, 4L * of.x().stride(), in, count, da);
        }
        if (to.x() != null) {
            long dx = to.x().buffer().address() + 4L * row * in;
            Blas.sgemm(
                    false,
                    false,
                    count,
                    in,
                    rank,
                    1,
                    g,
                    rank,
                    whole(of.a()),
                    in,
                    (float) to.x().beta(),
                    dx,
                    in);
        }
    }

    /// A block of H, which was kept or is computed.
    private long h(int row, int count, long x, long into) {
        if (of.h() != null) {
            return VectorProducts.at(of.h(), 0, row, 0);
        }
        Blas.sgemm(false, true, count, rank, in, 1, x, of.x().stride(), whole(of.a()), in, 0, into, rank);
        return into;
    }

    private static long whole(Matrix contiguous) {
        return VectorProducts.at(contiguous, 0, 0, 0);
    }

    /// `C += thinᵀ·wide`, where thin is (rows, r), wide (rows, n) and C (r, n). BLAS packs both before it
    /// multiplies, which costs as much as the product.
    private static void addProducts(long thin, int r, long wide, long stride, int n, int rows, long c) {
        int column = 0;
        for (; column + 2 * W <= n; column += 2 * W) {
            int k = 0;
            for (; k + 4 <= r; k += 4) {
                four(thin + 4L * k, 4L * r, wide + 4L * column, stride, rows, c + 4L * ((long) k * n + column), 4L * n);
            }
            for (; k < r; k++) {
                long to = c + 4L * ((long) k * n + column);
                one(thin + 4L * k, 4L * r, wide + 4L * column, stride, rows, to, Lanes.ALL);
                one(thin + 4L * k, 4L * r, wide + 4L * column + STEP, stride, rows, to + STEP, Lanes.ALL);
            }
        }
        for (; column < n; column += W) {
            VectorMask<Float> mask = tail(Math.min(W, n - column));
            for (int k = 0; k < r; k++) {
                long to = c + 4L * ((long) k * n + column);
                one(thin + 4L * k, 4L * r, wide + 4L * column, stride, rows, to, mask);
            }
        }
    }

    /// Four rows of C in two registers each: eight sums that do not wait for each other.
    private static void four(long thin, long thinStride, long wide, long stride, int rows, long c, long cStride) {
        FloatVector a0 = zero();
        FloatVector a1 = zero();
        FloatVector b0 = zero();
        FloatVector b1 = zero();
        FloatVector c0 = zero();
        FloatVector c1 = zero();
        FloatVector d0 = zero();
        FloatVector d1 = zero();
        for (int row = 0; row < rows; row++) {
            FloatVector left = load(wide + row * stride);
            FloatVector right = load(wide + row * stride + STEP);
            long t = thin + row * thinStride;
            FloatVector a = broadcast(get(t));
            FloatVector b = broadcast(get(t + 4));
            FloatVector cc = broadcast(get(t + 8));
            FloatVector d = broadcast(get(t + 12));
            a0 = a.fma(left, a0);
            a1 = a.fma(right, a1);
            b0 = b.fma(left, b0);
            b1 = b.fma(right, b1);
            c0 = cc.fma(left, c0);
            c1 = cc.fma(right, c1);
            d0 = d.fma(left, d0);
            d1 = d.fma(right, d1);
        }
        add(c, a0, a1);
        add(c + cStride, b0, b1);
        add(c + 2 * cStride, c0, c1);
        add(c + 3 * cStride, d0, d1);
    }

    private static void add(long c, FloatVector left, FloatVector right) {
        store(c, load(c).add(left));
        store(c + STEP, load(c + STEP).add(right));
    }

    private static void one(
            long thin, long thinStride, long wide, long stride, int rows, long c, VectorMask<Float> mask) {
        FloatVector sum = zero();
        for (int row = 0; row < rows; row++) {
            sum = broadcast(get(thin + row * thinStride)).fma(load(wide + row * stride, mask), sum);
        }
        store(c, load(c, mask).add(sum), mask);
    }

    /// dB from dBᵀ.
    private void transposed(long sums, Destination db) {
        float s = (float) of.scale();
        for (int j = 0; j < out; j++) {
            for (int k = 0; k < rank; k++) {
                long at = db.buffer().address() + 4L * ((long) j * rank + k);
                float value = s * get(sums + 4L * ((long) k * out + j));
                set(at, db.accumulate() ? get(at) + value : value);
            }
        }
    }
}
