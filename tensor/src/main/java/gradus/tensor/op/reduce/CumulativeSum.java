package gradus.tensor.op.reduce;

import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// `yᵢ = x₀ + … + xᵢ` along an axis, as `torch.cumsum`. Each place adds what stands 1, 2, 4, … places before
/// it: after the first step it holds the sum of 2, then of 4, and after log₂ n steps of all before it (Hillis
/// & Steele 1986, "Data parallel algorithms").
public final class CumulativeSum {
    private CumulativeSum() {}

    /// **Shapes** those of x
    public static Tensor apply(Tensor x, int axis) {
        given(x, "cumsum", "a tensor");
        int at = x.shape().axis(axis);
        int n = x.dim(at);
        Tensor y = x;
        for (int step = 1; step < n; step *= 2) {
            Tensor later = y.slice(at, step, n).add(y.slice(at, 0, n - step));
            y = Tensor.concat(at, y.slice(at, 0, step), later);
        }
        return y == x ? x.clone() : y;
    }
}
