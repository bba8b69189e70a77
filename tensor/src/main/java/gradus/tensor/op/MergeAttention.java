package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.Attention.Result;
import gradus.tensor.type.Shape;
import java.util.List;

/// Attention over several disjoint sets of keys, merged into what attention over all of them gives:
/// `O = Σ exp(Lᵢ - L)·Oᵢ` with `L = ln Σ exp(Lᵢ)`, the log-sum-exps of the logits.
/// Dao et al. 2022, FlashAttention, arXiv:2205.14135; Liu et al. 2023, Ring Attention, arXiv:2310.01889.
///
/// With `Sᵢ` the logits of part i, its part of the softmax's numerator is `exp(Lᵢ)·Oᵢ` and of its
/// denominator `exp(Lᵢ)`: the weights `exp(Lᵢ - L)` are the softmax over the log-sum-exps, and every
/// gradient follows from that. A part that a query saw nothing of has `Lᵢ = -∞` and weight 0; a query that
/// saw nothing at all gets zeros and `L = -∞`.
public final class MergeAttention {
    private MergeAttention() {}

    /// **Shapes** outputs (B, T, H·D) and log-sum-exps (B, H, T) each → the same
    public static Result apply(List<Result> parts) {
        require(parts != null && !parts.isEmpty(), "mergeAttention: at least one part must be given");
        Shape shape = parts.get(0).out().shape();
        Shape rows = parts.get(0).logSum().shape();
        for (Result part : parts) {
            require(
                    part.out().rank() == 3
                            && part.logSum().rank() == 3
                            && part.out().shape().equals(shape)
                            && part.logSum().shape().equals(rows)
                            && rows.dim(0) == shape.dim(0)
                            && rows.dim(2) == shape.dim(1)
                            && shape.dim(2) % rows.dim(1) == 0,
                    "mergeAttention: parts must be (B, T, H·D) with log-sum-exps (B, H, T), all alike; got %s and %s,"
                            + " the first %s and %s",
                    part.out().shape(),
                    part.logSum().shape(),
                    shape,
                    rows);
        }
        int batch = rows.dim(0);
        int heads = rows.dim(1);
        int time = rows.dim(2);
        Tensor[] columns = parts.stream()
                .map(part -> part.logSum().reshape(batch, heads, time, 1)) // (B, H, T, 1)
                .toArray(Tensor[]::new);
        Tensor sums = Tensor.concat(3, columns); // (B, H, T, parts)
        Tensor weights = sums.softmax().transpose(1, 2); // (B, T, H, parts)
        Tensor merged = null;
        for (int i = 0; i < columns.length; i++) {
            Tensor out = parts.get(i).out().reshape(batch, time, heads, -1); // (B, T, H, D)
            Tensor weighted = out.mul(weights.slice(3, i, i + 1)); // (B, T, H, D)
            merged = merged == null ? weighted : merged.add(weighted);
        }
        return new Result(merged.reshape(shape.dims()), LogSumExp.apply(sums)); // (B, T, H·D), (B, H, T)
    }
}
