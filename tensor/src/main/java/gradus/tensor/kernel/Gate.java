package gradus.tensor.kernel;

/// The functions f that open or close a gated unit `f(a)·b`, each with the name that the unit then has.
/// Shazeer 2020, arXiv:2002.05202.
public enum Gate {
    /// GLU, of Dauphin et al. 2016, arXiv:1612.08083
    SIGMOID(UnaryFunction.SIGMOID),
    /// ReGLU
    RELU(UnaryFunction.RELU),
    /// GEGLU, with the exact form of GELU
    GELU(UnaryFunction.GELU),
    /// SwiGLU
    SILU(UnaryFunction.SILU);

    private final UnaryFunction function;

    Gate(UnaryFunction function) {
        this.function = function;
    }

    /// f itself.
    public UnaryFunction function() {
        return function;
    }
}
