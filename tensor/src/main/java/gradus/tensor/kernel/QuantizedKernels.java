package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.quant.QuantizedMatrix;

/// Decoding of quantised matrices where a device does it in its own memory, from a copy of the codes that it
/// keeps as long as the matrix is in use. A device without it is given elements that the host has decoded.
public interface QuantizedKernels {
    /// How many elements are best decoded at a time, to be multiplied with: so many that the product is worth its
    /// launch, and so few that they stay in the device's cache.
    int strip();

    /// Decodes a window of a matrix whose format has a table, see [gradus.tensor.quant.BlockFormat#table]. Each
    /// element is what the host makes of it, bit for bit.
    ///
    /// @param window within the matrix
    /// @param into   receives the window row by row, from its start
    void dequantize(QuantizedMatrix matrix, Window window, Buffer into);

    /// Some rows and some columns of a matrix: from the first, up to and without the other.
    record Window(int fromRow, int toRow, int fromColumn, int toColumn) {
        public int rows() {
            return toRow - fromRow;
        }

        public int columns() {
            return toColumn - fromColumn;
        }
    }
}
