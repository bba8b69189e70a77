package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Products of matrices.
public interface ProductKernels {

    /// `C = alpha·A·B + beta·C` for each of a batch. A `c` whose matrices lie 0 apart receives the sum over
    /// the batch.
    void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// `Y = X·Wᵀ + bias` with bias added to every row, or none if null. X (rows, in), W (out, in), Y (rows,
    /// out).
    void linear(Matrix x, Matrix w, Buffer bias, Matrix y);

    /// The gradients of a [LowRank] from dY, the gradient of its sum: with `G = s·dY·B` (rows, r),
    /// `dX = G·A`, `dA = Gᵀ·X`, `dB = s·dYᵀ·H`. An H that was not kept is computed again. A device need not
    /// have a kernel of its own for them.
    ///
    /// @param dy (rows, out)
    default void lowRankBackward(LowRank of, Matrix dy, LowRank.Gradients to) {
        Matrix x = of.x();
        int rank = of.a().rows();
        Matrix g = Matrix.of(dy.buffer().like(x.rows() * rank), x.rows(), rank);
        if (to.x() != null || to.a() != null) {
            matmul(1, of.scale(), dy, of.b(), 0, g);
        }
        if (to.x() != null) {
            matmul(1, 1, g, of.a(), to.x().beta(), Matrix.of(to.x().buffer(), x.rows(), x.columns()));
        }
        if (to.a() != null) {
            matmul(1, 1, g.transpose(), x, to.a().beta(), Matrix.of(to.a().buffer(), rank, x.columns()));
        }
        if (to.b() != null) {
            Matrix db = Matrix.of(to.b().buffer(), of.b().rows(), rank);
            Matrix h = of.h();
            if (h == null) {
                h = Matrix.of(dy.buffer().like(x.rows() * rank), x.rows(), rank);
                linear(x, of.a(), null, h);
            }
            matmul(1, of.scale(), dy.transpose(), h, to.b().beta(), db);
        }
    }

    /// What is added to a matrix Y (rows, out) by way of a thin one: `Y + s·H·Bᵀ` with `H = X·Aᵀ`.
    ///
    /// @param x     (rows, in)
    /// @param a     (r, in), contiguous
    /// @param b     (out, r), contiguous
    /// @param h     (rows, r), contiguous; or null where it was not kept
    /// @param scale s
    public record LowRank(Matrix x, Matrix a, Matrix b, Matrix h, double scale) {

        /// Where the gradients go; null for one that nobody wants.
        ///
        /// @param x of X, contiguous
        /// @param a of A, contiguous
        /// @param b of B, contiguous
        public record Gradients(Destination x, Destination a, Destination b) {}
    }
}
