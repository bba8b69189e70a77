package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// A matrix, or a batch of them, inside a buffer: element (i, j) of matrix b lies at
/// `offset + b·batchStride + i·stride + j`, or with i and j exchanged where `transposed`. Rows and columns are counted
/// after the transposition, so a product reads as on paper.
public record Matrix(
        Buffer buffer, int offset, int rows, int columns, int stride, boolean transposed, int batchStride) {

    /// A whole buffer read as rows × columns.
    public static Matrix of(Buffer buffer, int rows, int columns) {
        return new Matrix(buffer, 0, rows, columns, columns, false, 0);
    }

    /// The same memory read with rows and columns exchanged.
    public Matrix transpose() {
        return new Matrix(buffer, offset, columns, rows, stride, !transposed, batchStride);
    }

    /// The same matrices, this many elements apart; 0 stands for one matrix used by the whole batch.
    public Matrix apart(int elements) {
        return new Matrix(buffer, offset, rows, columns, stride, transposed, elements);
    }
}
