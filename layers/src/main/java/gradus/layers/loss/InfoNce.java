package gradus.layers.loss;

import static gradus.error.ConfigException.require;

import gradus.error.ShapeException;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// How badly an anchor is told which passage of a batch is its own, by their cosines:
///
/// `L = mean over i of −ln( e^{s·cos(a_i, p_i)} / Σ_j e^{s·cos(a_i, p_j)} )`
///
/// Anchor i belongs to passage i; all other passages of the batch are its negatives, and further passages
/// behind the first B are negatives of every anchor. The scale s is one over the temperature: the larger it is,
/// the more the nearest negatives count. van den Oord et al. 2018, arXiv:1807.03748; with the batch as
/// negatives Henderson et al. 2017, arXiv:1705.00652. The same as MultipleNegativesRankingLoss of
/// sentence-transformers, and if symmetric as MultipleNegativesSymmetricRankingLoss, which asks of each passage
/// for its anchor too and takes the mean of both losses.
///
/// A vector of zeros has the cosine 0 with all.
///
/// @param scale     s, above 0
/// @param symmetric whether each passage is to find its anchor too
public record InfoNce(double scale, boolean symmetric) {
    /// The scale of sentence-transformers.
    public static final double USUAL_SCALE = 20;

    private static final double SMALLEST_SQUARE = 1e-24; // of a length of 1e-12, as PyTorch's normalize has it

    /// @throws gradus.error.ConfigException unless the scale is finite and above 0
    public InfoNce {
        require(scale > 0 && Double.isFinite(scale), "the scale must be finite and above 0; got %s", scale);
    }

    /// With every other passage as a negative.
    ///
    /// **Shapes** anchors (B, C), passages (M, C), M ≥ B → ()
    ///
    /// @throws ShapeException if the shapes do not fit
    public Tensor of(Tensor anchors, Tensor passages) {
        return of(anchors, passages, null);
    }

    /// With some passages left out.
    ///
    /// **Shapes** anchors (B, C), passages (M, C), M ≥ B, left out (B, M) → ()
    ///
    /// @param leftOut 1 where a passage is no negative of an anchor, since it is right too; 0 elsewhere, and
    ///     always where i = j. Null for none
    /// @throws ShapeException if the shapes do not fit
    public Tensor of(Tensor anchors, Tensor passages, Tensor leftOut) {
        ShapeException.require(
                anchors.rank() == 2
                        && passages.rank() == 2
                        && anchors.dim(1) == passages.dim(1)
                        && passages.dim(0) >= anchors.dim(0),
                "infoNce: anchors must be (B, C) and passages (M, C) with M >= B; got %s and %s",
                anchors.shape(),
                passages.shape());
        int batch = anchors.dim(0);
        Tensor scores = unit(anchors).matmul(unit(passages), false, true).mul(scale); // (B, M)
        Tensor counted = leftOut == null ? scores : scores.maskedFill(leftOut, Double.NEGATIVE_INFINITY);
        Indices own = Indices.of(IntStream.range(0, batch).toArray());
        Tensor loss = CrossEntropyLoss.of(counted, own); // ()
        if (!symmetric) {
            return loss;
        }
        Tensor back = counted.slice(1, 0, batch).transpose(0, 1); // (B, B)
        return loss.add(CrossEntropyLoss.of(back, own)).mul(0.5); // ()
    }

    /// Rows of length 1.
    ///
    /// **Shapes** (N, C) → (N, C)
    private static Tensor unit(Tensor rows) {
        Tensor squares = rows.square().sum(1, true); // (N, 1)
        return rows.div(squares.add(SMALLEST_SQUARE).sqrt());
    }
}
