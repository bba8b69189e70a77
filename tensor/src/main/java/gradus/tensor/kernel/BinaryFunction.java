package gradus.tensor.kernel;

/// The functions that join two elements, a and b, into one.
public enum BinaryFunction {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    /// The larger one; NaN if either is.
    MAXIMUM,
    /// The smaller one; NaN if either is.
    MINIMUM,
    /// `aᵇ`, with `a⁰ = 1` for every a
    POWER,
    /// 1 where `a = b`, else 0. Comparisons with NaN give 0.
    EQUAL,
    /// 1 where `a < b`, else 0
    LESS,
    /// 1 where `a ≤ b`, else 0
    LESS_OR_EQUAL,
    /// a where `b ≠ 0`, else -0, the one number that changes no sum: not a·b, since 0·∞ and 0·NaN are NaN.
    KEEP_WHERE
}
