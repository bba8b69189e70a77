package gradus.tensor.kernel;

/// The functions that act on one element at a time, each with its derivative by the value x and the result y.
public enum UnaryFunction {
    /// `y = eˣ`, `dy/dx = y`
    EXP,
    /// `y = ln x`, `dy/dx = 1/x`
    LOG,
    /// `y = √x`, `dy/dx = 1/(2y)`
    SQRT,
    /// `y = x²`, `dy/dx = 2x`
    SQUARE,
    /// `y = 1/x`, `dy/dx = -y²`
    RECIPROCAL,
    /// `y = 1/√x`, `dy/dx = -½y³`
    RSQRT,
    /// `y = |x|`, `dy/dx = sign x`, 0 at 0
    ABS,
    /// `y = 1` where x > 0, -1 where x < 0, else 0; `dy/dx = 0`
    SIGN,
    /// `y = eˣ - 1`, exact near 0, `dy/dx = eˣ`
    EXPM1,
    /// `y = ln(1 + x)`, exact near 0, `dy/dx = 1/(1 + x)`
    LOG1P,
    /// `y = sin x`, `dy/dx = cos x`
    SIN,
    /// `y = cos x`, `dy/dx = -sin x`
    COS,
    /// `y = tanh x`, `dy/dx = 1 - y²`
    TANH,
    /// `y = σ(x) = 1/(1 + e⁻ˣ)`, `dy/dx = y(1 - y)`
    SIGMOID,
    /// `y = max(x, 0)`, `dy/dx = 1` where x > 0, else 0
    RELU,
    /// `y = x·Φ(x)` with Φ the normal distribution function; `dy/dx = Φ(x) + x·φ(x)`.
    /// Hendrycks & Gimpel 2016, arXiv:1606.08415. BERT's `gelu`, and nanoGPT's.
    GELU,
    /// `y = ½x(1 + tanh u)`, `u = √(2/π)(x + 0.044715x³)`;
    /// `dy/dx = ½(1 + tanh u) + ½x(1 - tanh² u)·√(2/π)(1 + 0.134145x²)`.
    /// GPT-2's `gelu_new`; at most 4.8e-4 from [#GELU].
    GELU_TANH,
    /// `y = x·σ(x)`, `dy/dx = σ(x)(1 + x(1 - σ(x)))`. Also called swish.
    SILU
}
