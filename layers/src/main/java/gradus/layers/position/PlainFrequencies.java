package gradus.layers.position;

/// RoPE as published: `θᵢ = base^(-2i/D)`. Su et al. 2021, RoFormer, arXiv:2104.09864.
///
/// @param base 10,000 in the paper and in Llama 1 and 2, 500,000 in Llama 3, 1,000,000 in Qwen 2
public record PlainFrequencies(double base) implements RopeFrequencies {
    /// The paper's base.
    public static final double BASE = 10_000;

    /// @throws gradus.error.ConfigException if the base is not above 0
    public PlainFrequencies {
        RopeFrequencies.requireBase("PlainFrequencies", base);
    }

    /// With the paper's base.
    public PlainFrequencies() {
        this(BASE);
    }

    @Override
    public double[] angles(int headDim, int length) {
        return RopeFrequencies.powers(base, headDim);
    }
}
