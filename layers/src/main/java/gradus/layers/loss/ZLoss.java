package gradus.layers.loss;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// The mean of `(ln Σ exp x)²` over the rows of logits x. A softmax does not change when a constant is added
/// to a row, so a cross-entropy does not stop logits from drifting. This loss does: it keeps them near 0,
/// where rounding errors are smallest. De Brébisson & Vincent 2016, arXiv:1604.08859; for routers Zoph et al.
/// 2022 (ST-MoE), arXiv:2202.08906, equation 5. It is usually multiplied by 1e-4 to 1e-3.
public final class ZLoss {
    private ZLoss() {}

    /// **Shapes** logits (..., V) → ()
    public static Tensor of(Tensor logits) {
        Tensor logSumExp = logits.sub(logits.logSoftmax()).mean(-1); // (...), the same in every column
        return logSumExp.square().mean(); // ()
    }

    /// The same mean, but only over the rows whose target is not ignored, as in a cross-entropy with the same
    /// targets.
    ///
    /// **Shapes** logits (..., V), targets (...) → ()
    ///
    /// @param targets [gradus.tensor.op.CrossEntropy#IGNORE_INDEX] in rows to leave out
    /// @return the mean over the other rows; 0 if there are none
    /// @throws gradus.error.ShapeException if the shapes do not fit
    public static Tensor of(Tensor logits, Indices targets) {
        require(
                logits.rank() >= 1 && logits.shape().without(-1).equals(targets.shape()),
                "zLoss: logits must be (..., V) and targets (...); got %s and %s",
                logits.shape(),
                targets.shape());
        int[] counted = CountedRows.of(targets);
        if (counted.length == 0) {
            return logits.sum().mul(0); // (), with a gradient of zeros
        }
        Tensor rows = logits.reshape(-1, logits.dim(-1)); // (n, V)
        boolean all = counted.length == targets.size();
        return of(all ? rows : rows.indexSelect(0, Indices.of(counted)));
    }
}
