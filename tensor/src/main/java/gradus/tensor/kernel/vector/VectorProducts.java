package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.STEP;
import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;

import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.kernel.ProductKernels.LowRank;
import gradus.tensor.memory.Buffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// Matrix products: OpenBLAS on blocks, one block for each thread.
final class VectorProducts implements ProductKernels {
    /// Multiply-adds below which a product stays on one thread: about a microsecond's work.
    private static final long WORTH_SPLITTING = 100_000;

    /// Blocks begin at multiples of this, which suits OpenBLAS's register tiles of 16×4 and 32×4.
    private static final int TILE = 16;

    @Override
    public void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
        c.buffer().changed();
        multiply(batch, (float) alpha, a, b, (float) beta, c);
    }

    private static void multiply(int batch, float alpha, Matrix a, Matrix b, float beta, Matrix c) {
        if (c.transposed()) { // Cᵀ = Bᵀ·Aᵀ, whose result lies as BLAS wants it
            multiply(batch, alpha, b.transpose(), a.transpose(), beta, c.transpose());
            return;
        }
        if (batch > 1 && c.batchStride() != 0 && batch >= Parallel.THREADS) {
            Parallel.rows(batch, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    block(alpha, a, b, beta, c, i, 0, c.rows(), 0, c.columns());
                }
            });
            return;
        }
        for (int i = 0; i < batch; i++) {
            split(alpha, a, b, i > 0 && c.batchStride() == 0 ? 1 : beta, c, i);
        }
    }

    private static void split(float alpha, Matrix a, Matrix b, float beta, Matrix c, int i) {
        int m = c.rows();
        int n = c.columns();
        if ((long) m * n * a.columns() < WORTH_SPLITTING) {
            block(alpha, a, b, beta, c, i, 0, m, 0, n);
        } else if (m >= n) {
            Parallel.rows(m, TILE, (from, to) -> block(alpha, a, b, beta, c, i, from, to, 0, n));
        } else {
            Parallel.rows(n, TILE, (from, to) -> block(alpha, a, b, beta, c, i, 0, m, from, to));
        }
    }

    /// The block of C with the given rows and columns, in the i-th matrix of the batch.
    private static void block(
            float alpha,
            Matrix a,
            Matrix b,
            float beta,
            Matrix c,
            int i,
            int fromRow,
            int toRow,
            int fromColumn,
            int toColumn) {
        Blas.sgemm(
                a.transposed(),
                b.transposed(),
                toRow - fromRow,
                toColumn - fromColumn,
                a.columns(),
                alpha,
                at(a, i, fromRow, 0),
                a.stride(),
                at(b, i, 0, fromColumn),
                b.stride(),
                beta,
                at(c, i, fromRow, fromColumn),
                c.stride());
    }

    static long at(Matrix matrix, int i, int row, int column) {
        long inside =
                matrix.transposed() ? (long) column * matrix.stride() + row : (long) row * matrix.stride() + column;
        return matrix.buffer().address() + 4 * (matrix.offset() + (long) i * matrix.batchStride() + inside);
    }

    @Override
    public void lowRankBackward(LowRank of, Matrix dy, LowRank.Gradients to) {
        if (dy.transposed() || of.x().transposed()) {
            ProductKernels.super.lowRankBackward(of, dy, to);
        } else {
            new VectorLowRank(of, dy, to).run();
        }
    }

    /// OpenBLAS adds to C always, and for beta = 0 writes zeros there first. Writing the bias instead and
    /// adding to it costs the same, so the bias comes free.
    @Override
    public void linear(Matrix x, Matrix w, Buffer bias, Matrix y) {
        y.buffer().changed();
        if (VectorFewRows.suits(x) && !x.transposed() && !w.transposed() && !y.transposed()) {
            VectorFewRows.linear(x, w, bias, y);
            return;
        }
        if (bias == null) {
            multiply(1, 1, x, w.transpose(), 0, y);
            return;
        }
        Matrix wT = w.transpose();
        int m = y.rows();
        int n = y.columns();
        if ((long) m * n * x.columns() < WORTH_SPLITTING) {
            linearBlock(x, wT, bias, y, 0, m, 0, n);
        } else if (m >= n) {
            Parallel.rows(m, TILE, (from, to) -> linearBlock(x, wT, bias, y, from, to, 0, n));
        } else {
            Parallel.rows(n, TILE, (from, to) -> linearBlock(x, wT, bias, y, 0, m, from, to));
        }
    }

    private static void linearBlock(
            Matrix x, Matrix wT, Buffer bias, Matrix y, int fromRow, int toRow, int fromColumn, int toColumn) {
        repeat(
                bias.address() + 4L * fromColumn,
                toColumn - fromColumn,
                at(y, 0, fromRow, fromColumn),
                4L * y.stride(),
                toRow - fromRow);
        block(1, x, wT, 1, y, 0, fromRow, toRow, fromColumn, toColumn);
    }

    /// Writes a row of n elements to many rows.
    private static void repeat(long row, int n, long to, long stride, int rows) {
        long end = 4L * (n - n % W);
        VectorMask<Float> rest = tail(n % W);
        for (int r = 0; r < rows; r++) {
            long target = to + r * stride;
            for (long i = 0; i < end; i += STEP) {
                store(target + i, load(row + i));
            }
            if (n % W != 0) {
                FloatVector last = load(row + end, rest);
                store(target + end, last, rest);
            }
        }
    }
}
