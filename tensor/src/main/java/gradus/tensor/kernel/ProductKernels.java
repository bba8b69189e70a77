package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// Products of matrices.
public interface ProductKernels {

    /// `C = alpha·A·B + beta·C` for each of a batch. A `c` whose matrices lie 0 apart receives the sum over
    /// the batch.
    void matmul(int batch, double alpha, Matrix a, Matrix b, double beta, Matrix c);

    /// `Y = X·Wᵀ + bias` with bias added to every row, or none if null. X (rows, in), W (out, in), Y (rows,
    /// out).
    void linear(Matrix x, Matrix w, Buffer bias, Matrix y);
}
