package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Dropout;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.op.product.AddLowRank;
import gradus.tensor.op.product.LowRankUpdate;

/// Low-rank adaptation of a Linear: `y = W·x + b + s·B·A·drop(x)`, where only A and B are trained. Hu et al.
/// 2021, "LoRA: low-rank adaptation of large language models", arXiv:2106.09685.
///
/// The scale s is α/r, or α/√r for rsLoRA (Kalajdzievski 2023, arXiv:2312.03732). As B starts with 0, the
/// first gradient of A is 0 and that of B is not. Has `r·(in + out)` parameters instead of `in·out`, and
/// costs `2·r·(in + out)` operations a row. For many rows, and without dropout, `W + s·B·A` is computed first
/// instead, which makes one product of both: see [gradus.tensor.op.product.LowRankLinear].
public final class Lora extends Part {
    private final Tensor a; // (r, in)
    private final Tensor b; // (out, r)
    private final double scale;
    private final Dropout dropout;
    private final LowRank subtracted; // or null

    Lora(LowRank start, double scale, double dropout) {
        this(start, scale, dropout, false);
    }

    /// @param subtracted whether `s·B·A` of the start was subtracted from the base
    Lora(LowRank start, double scale, double dropout, boolean subtracted) {
        this.subtracted = subtracted ? new LowRank(Replacements.copy(start.a()), Replacements.copy(start.b())) : null;
        this.a = param("lora_A.weight", start.a());
        this.b = param("lora_B.weight", start.b());
        this.scale = scale;
        this.dropout = child("lora_dropout", new Dropout(dropout));
    }

    @Override
    Tensor added(Linear base, Tensor x, Tensor y) {
        return dropout.forward(x).linear(a, null).mul(scale).linear(b, null); // (..., out)
    }

    @Override
    Tensor addTo(Tensor y, Linear base, Tensor x, double weight) {
        return AddLowRank.apply(y, dropout.forward(x), a, b, weight * scale); // (..., out)
    }

    /// Null while elements of x are dropped, which W must not miss, or while a hook wants to see what is left
    /// of x.
    @Override
    LowRankUpdate update(double weight) {
        return dropout.isActive() || dropout.isHooked() ? null : new LowRankUpdate(a, b, weight * scale);
    }

    @Override
    public Tensor deltaWeight(Tensor weight) {
        return b.matmul(a).mul(scale); // (out, in)
    }

    /// (r, in)
    public Tensor a() {
        return a;
    }

    /// (out, r)
    public Tensor b() {
        return b;
    }

    /// s
    public double scale() {
        return scale;
    }

    /// The same change as seen from the base before anything was subtracted from it: `B·A - B₀·A₀`, of rank
    /// 2r, as `[B, -B₀]·[A; A₀]`. Without this, a file with PiSSA's or OLoRA's values fits no base that
    /// anybody else has.
    ///
    /// @return this part, if nothing was subtracted
    public Lora forOriginalBase() {
        if (subtracted == null) {
            return this;
        }
        Tensor wide = Tensor.concat(0, a.detach(), subtracted.a()); // (2r, in)
        Tensor tall = Tensor.concat(1, b.detach(), subtracted.b().neg()); // (out, 2r)
        LowRank both = new LowRank(wide, tall);
        int most = Math.min(wide.dim(1), tall.dim(0));
        boolean small = wide.dim(0) <= most;
        return new Lora(small ? both : Svd.of(both.times(1)).truncated(most, 1, a.dtype()), scale, 0);
    }

    static void requireRank(int r, int in, int out, String name) {
        require(
                r >= 1 && r <= Math.min(in, out),
                "LoRA on %s: r must be from 1 to %d, the smaller side of its (%d, %d) matrix; got %d",
                name,
                Math.min(in, out),
                out,
                in,
                r); // BAD-INPUT 29
    }
}
