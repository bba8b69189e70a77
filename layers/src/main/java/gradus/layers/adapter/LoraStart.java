package gradus.layers.adapter;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// How A and B of a [Lora] on a Linear start; peft's `init_lora_weights`.
///
/// The first two begin with B = 0, so that the model says at first what its base says. The other two take a
/// part of the base's matrix W for A and B, and subtract it from the base: `W - s·B·A` stays behind, frozen,
/// and base and adapter together say the same as before, up to rounding. Of a quantised base, they take the
/// part of the decoded matrix, and what stays behind is quantised again, in the same format.
public enum LoraStart {
    /// A uniform between ±1/√in, B = 0: Kaiming's start with a = √5, as PyTorch starts a Linear. The default.
    KAIMING,
    /// A normal with standard deviation 1/r, B = 0.
    GAUSSIAN,
    /// `W = Q·R`, B the first r columns of Q, A the first r rows of R. Büyükakyüz 2024, arXiv:2406.01775.
    OLORA,
    /// The r largest singular values of W with their vectors: what W does most is what is trained. Meng et
    /// al. 2024, arXiv:2404.02948.
    PISSA;

    /// Whether a part of the base is subtracted from it.
    public boolean changesBase() {
        return this == OLORA || this == PISSA;
    }

    /// @param base  whose matrix it is; read only where the start takes a part of it
    /// @param scale s
    LowRank of(BaseWeight base, int r, double scale, Rng rng) {
        int in = base.linear().in();
        DType dtype = base.dtype();
        return switch (this) {
            case KAIMING -> {
                double bound = 1 / Math.sqrt(in);
                yield fromZero(Tensor.rand(rng, r, in).mul(2 * bound).sub(bound), base);
            }
            case GAUSSIAN -> fromZero(Tensor.randn(rng, r, in).mul(1.0 / r), base);
            case OLORA -> Qr.firstOf(base.values(), r, dtype);
            case PISSA -> Svd.of(base.values()).truncated(r, scale, dtype);
        };
    }

    private static LowRank fromZero(Tensor a, BaseWeight base) {
        DType dtype = base.dtype();
        return new LowRank(
                a.to(dtype), Tensor.zeros(base.linear().out(), a.dim(0)).to(dtype));
    }
}
