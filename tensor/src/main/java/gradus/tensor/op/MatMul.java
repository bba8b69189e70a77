package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// The matrix product `C = A·B` of the last two axes, either side transposed if so asked, for every batch of
/// the axes before. A side without batch axes takes part in every batch.
///
/// With `L` the loss and `dC = ∂L/∂C`: `L` changes by `Σ dC∘(dA·B + A·dB)`, hence `∂L/∂A = dC·Bᵀ` and
/// `∂L/∂B = Aᵀ·dC`. Where A entered transposed, the same is read with rows and columns exchanged. A side
/// shared by the batch sums over it.
public final class MatMul {
    private MatMul() {}

    public static Tensor apply(Tensor a, boolean transposeA, Tensor b, boolean transposeB) {
        given(a, "matmul", "a tensor");
        a.requireSame("matmul", b);
        require(
                a.rank() >= 2 && b.rank() >= 2,
                "matmul: both sides need at least 2 axes; got %s and %s",
                a.shape(),
                b.shape());
        int batch = batch(a, b);
        Matrix left = matrix(a, a.buffer(), transposeA);
        Matrix right = matrix(b, b.buffer(), transposeB);
        require(
                left.columns() == right.rows(),
                "matmul: inner sizes differ: (%d, %d)·(%d, %d) from shapes %s and %s",
                left.rows(),
                left.columns(),
                right.rows(),
                right.columns(),
                a.shape(),
                b.shape());
        Shape batches = a.rank() >= b.rank() ? a.shape() : b.shape();
        Shape shape = batches.with(-2, left.rows()).with(-1, right.columns());
        Tensor c = a.newEmpty(shape);
        Kernels kernels = Kernels.of(a.buffer());
        kernels.products().matmul(batch, 1, left, right, 0, matrix(c, c.buffer(), false));
        Saved savedA = Saved.of(a);
        Saved savedB = Saved.of(b);
        return Autograd.record(
                c,
                dy -> {
                    Matrix dc = matrix(c, dy, false);
                    Destination da = a.gradientDestination();
                    if (da != null) { // dA = dC·Bᵀ
                        Matrix bT = matrix(b, savedB.get(), transposeB).transpose();
                        kernels.products().matmul(batch, 1, dc, bT, da.beta(), matrix(a, da.buffer(), transposeA));
                    }
                    Destination db = b.gradientDestination();
                    if (db != null) { // dB = Aᵀ·dC
                        Matrix aT = matrix(a, savedA.get(), transposeA).transpose();
                        kernels.products().matmul(batch, 1, aT, dc, db.beta(), matrix(b, db.buffer(), transposeB));
                    }
                },
                a,
                b);
    }

    private static Matrix matrix(Tensor tensor, Buffer buffer, boolean transposed) {
        int rows = tensor.dim(-2);
        int columns = tensor.dim(-1);
        Matrix matrix = Matrix.of(buffer, rows, columns).apart(tensor.rank() == 2 ? 0 : rows * columns);
        return transposed ? matrix.transpose() : matrix;
    }

    private static int batch(Tensor a, Tensor b) {
        int batchA = a.shape().product(0, a.rank() - 2);
        int batchB = b.shape().product(0, b.rank() - 2);
        if (a.rank() == 2 || b.rank() == 2) {
            return Math.max(batchA, batchB);
        }
        boolean same = a.rank() == b.rank();
        for (int axis = 0; same && axis < a.rank() - 2; axis++) {
            same = a.dim(axis) == b.dim(axis);
        }
        require(
                same,
                "matmul: batch axes must be equal, or one side without any; got %s and %s; see broadcastTo",
                a.shape(),
                b.shape());
        return batchA;
    }
}
