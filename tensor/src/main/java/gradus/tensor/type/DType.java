package gradus.tensor.type;

import org.nd4j.linalg.api.buffer.DataType;

/// The element type of a tensor. Training runs in [#FLOAT32]; gradients are checked in [#FLOAT64].
public enum DType {
    FLOAT32(4, DataType.FLOAT),
    FLOAT64(8, DataType.DOUBLE);

    private final int bytes;
    private final DataType nd4j;

    DType(int bytes, DataType nd4j) {
        this.bytes = bytes;
        this.nd4j = nd4j;
    }

    /// The size of one element in bytes.
    public int bytes() {
        return bytes;
    }

    /// The name of this type in ND4J.
    public DataType nd4j() {
        return nd4j;
    }
}
