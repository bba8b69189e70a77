package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.zero;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels.LowRank;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;

/// The gradients of a low-rank addition. Each of the four products is thin: it reads a large matrix once and
/// does little with it. So the rows go by in blocks that stay in a core's cache, and a block of dY serves G
/// and dB while it is there, a block of X and dX all of theirs: each large matrix is read from memory once.
/// Every thread sums dA and dBᵀ of its own rows, and the sums are added in the threads' order.
final class VectorLowRank {
    /// Rows of a block: of 1,536 columns they are 400 kB.
    private static final int BLOCK = 64;

    /// Columns of which eight rows, 16 kB, stay in a core's first cache.
    private static final int CHUNK = 512;

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
        if (to.b() != null) {
            addProducts(h(row, count, x, g + 4L * BLOCK * rank), rank, dys, 4L * dy.stride(), out, count, db);
        }
        if (to.x() != null || to.a() != null) {
            float s = (float) of.scale();
            Blas.sgemm(false, false, count, rank, out, s, dys, dy.stride(), whole(of.b()), rank, 0, g, rank);
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
    /// multiplies, which costs as much as the product. Eight rows of wide at a time are added to a row of C:
    /// they are read along their length, as memory likes best, and then stay in the first cache for the other
    /// rows of C.
    private static void addProducts(long thin, int r, long wide, long stride, int n, int rows, long c) {
        for (int column = 0; column < n; column += CHUNK) {
            int count = Math.min(CHUNK, n - column);
            int row = 0;
            for (; row + 8 <= rows; row += 8) {
                for (int k = 0; k < r; k++) {
                    long factors = thin + 4L * ((long) row * r + k);
                    long to = c + 4L * ((long) k * n + column);
                    addEight(factors, 4L * r, wide + row * stride + 4L * column, stride, count - count % W, to);
                }
            }
            addSingly(thin, r, wide + 4L * column, stride, 0, row, count - count % W, count, n, c + 4L * column);
            addSingly(thin, r, wide + 4L * column, stride, row, rows, 0, count, n, c + 4L * column);
        }
    }

    /// `C += Σ factorᵢ·rowᵢ` over eight rows, n of their elements, by two sums that do not wait for each other.
    private static void addEight(long factors, long apart, long wide, long stride, int n, long c) {
        FloatVector f0 = broadcast(get(factors));
        FloatVector f1 = broadcast(get(factors + apart));
        FloatVector f2 = broadcast(get(factors + 2 * apart));
        FloatVector f3 = broadcast(get(factors + 3 * apart));
        FloatVector f4 = broadcast(get(factors + 4 * apart));
        FloatVector f5 = broadcast(get(factors + 5 * apart));
        FloatVector f6 = broadcast(get(factors + 6 * apart));
        FloatVector f7 = broadcast(get(factors + 7 * apart));
        for (long i = 0; i < 4L * n; i += STEP) {
            FloatVector even = f0.fma(load(wide + i), load(c + i));
            FloatVector odd = f1.mul(load(wide + stride + i));
            even = f2.fma(load(wide + 2 * stride + i), even);
            odd = f3.fma(load(wide + 3 * stride + i), odd);
            even = f4.fma(load(wide + 4 * stride + i), even);
            odd = f5.fma(load(wide + 5 * stride + i), odd);
            even = f6.fma(load(wide + 6 * stride + i), even);
            odd = f7.fma(load(wide + 7 * stride + i), odd);
            store(c + i, even.add(odd));
        }
    }

    /// The same for each of some rows alone, some of their columns: what the eights leave over.
    private static void addSingly(
            long thin, int r, long wide, long stride, int row, int rows, int column, int columns, int n, long c) {
        if (column == columns) {
            return;
        }
        for (; row < rows; row++) {
            for (int k = 0; k < r; k++) {
                float factor = get(thin + 4L * ((long) row * r + k));
                long to = c + 4L * ((long) k * n + column);
                VectorRuns.affine(wide + row * stride + 4L * column, factor, 0, to, columns - column, Lanes.ALL);
            }
        }
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
