package gradus.lessons.contrastive;

import gradus.tensor.Tensor;

/// What an encoder learns from pairs of texts that belong together.
public final class InBatchLoss {
    private InBatchLoss() {}

    /// InfoNCE with the other passages of the batch as wrong answers:
    ///
    /// `loss = mean over i of −ln softmax_j(scale·cos(qᵢ, pⱼ)) at j = i`
    ///
    /// Passage i is the right one for query i; all others are wrong, also those from N on, which belong to no
    /// query: hard negatives. The softmax goes over all M passages. `cos(q, p) = q·p / (‖q‖·‖p‖)`; no vector is
    /// zero.
    ///
    /// **Shapes** queries (N, C), passages (M, C) with M ≥ N → ()
    ///
    /// @param scale the inverse of a temperature, commonly 20
    public static Tensor loss(Tensor queries, Tensor passages, double scale) {
        // --- your answer
        Tensor q = queries.div(queries.square().sum(1, true).sqrt()); // (N, C), of length 1
        Tensor p = passages.div(passages.square().sum(1, true).sqrt()); // (M, C), of length 1
        Tensor scores = q.matmul(p.transpose(0, 1)).mul(scale); // (N, M)
        Tensor surprise = scores.logSoftmax(1).neg(); // (N, M)
        int n = queries.dim(0);
        Tensor own = Tensor.eye(n, passages.dim(0)).to(surprise.dtype()); // (N, M), 1 where j = i
        return surprise.mul(own).sum().div(n);
        // ---
    }
}
