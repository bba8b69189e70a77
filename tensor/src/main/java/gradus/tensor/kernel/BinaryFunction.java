package gradus.tensor.kernel;

/// The functions that join two elements into one.
public enum BinaryFunction {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE
}
