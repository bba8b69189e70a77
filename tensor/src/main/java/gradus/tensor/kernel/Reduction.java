package gradus.tensor.kernel;

/// The ways to make one element of many.
public enum Reduction {
    SUM,
    MAX,
    MIN
}
