package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;

/// The mean of `(1 - p)^γ·(-ln p)`, p being the probability of the target: cross-entropy that turns away
/// from what the model already knows. With γ = 0 it is the cross-entropy; γ = 2 is usual.
/// Lin et al. 2017, arXiv:1708.02002, without the class weights α.
///
/// It is also the example of a loss of one's own: any record or lambda that makes a scalar of logits and
/// batch will do, `Trainer.of(gpt, config, data, new FocalLoss(2))`; its gradient follows by itself.
///
/// @param gamma γ, at least 0
public record FocalLoss(double gamma) implements Loss {
    /// Keeps `ln(1 - p)` finite where p is 1; the loss is 0 there anyway.
    private static final double TINY = 1e-30;

    /// @throws gradus.error.ConfigException if γ is negative or not finite
    public FocalLoss {
        require(gamma >= 0 && Double.isFinite(gamma), "FocalLoss: gamma must be at least 0; got %s", gamma);
    }

    @Override
    public Tensor of(Tensor logits, Batch batch) {
        Tensor nll = CrossEntropy.rows(logits, batch.targets(), CrossEntropy.IGNORE_INDEX, 0); // (B, T), 0 if ignored
        Tensor missing = nll.neg().exp().neg().add(1).add(TINY); // 1 - p
        Tensor focal = missing.log().mul(gamma).exp().mul(nll);
        return focal.sum().div(Math.max(1, batch.counted())); // ()
    }
}
