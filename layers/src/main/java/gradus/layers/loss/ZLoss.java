package gradus.layers.loss;

import gradus.tensor.Tensor;

/// The mean of `(ln Σ exp x)²` over the rows of logits x. A softmax does not see a constant added to a row;
/// this does, and keeps logits near 0, where they round least. De Brébisson & Vincent 2016,
/// arXiv:1604.08859; for routers Zoph et al. 2022 (ST-MoE), arXiv:2202.08906, equation 5; 1e-4 to 1e-3
/// times this is usual.
public final class ZLoss {
    private ZLoss() {}

    /// **Shapes** logits (..., V) → ()
    public static Tensor of(Tensor logits) {
        Tensor logSumExp = logits.sub(logits.logSoftmax()).mean(-1); // (...), the same in every column
        return logSumExp.square().mean(); // ()
    }
}
