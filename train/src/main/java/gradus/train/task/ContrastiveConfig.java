package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.InfoNce;
import gradus.layers.loss.Matryoshka;
import gradus.tensor.Tensor;
import java.util.List;

/// How [Contrastive] compares vectors.
///
/// @param scale         what cosines are multiplied by
/// @param symmetric     whether each passage is to find its anchor too
/// @param hardNegatives whether each example has a passage of its own that is near and wrong
/// @param matryoshka    of which lengths beginnings of the vectors are to do alone; empty for whole vectors
///     only
public record ContrastiveConfig(double scale, boolean symmetric, boolean hardNegatives, List<Integer> matryoshka) {
    /// As sentence-transformers has it: the scale 20, from anchors to passages, the batch alone as negatives.
    public static final ContrastiveConfig USUAL = new ContrastiveConfig(InfoNce.USUAL_SCALE, false, false, List.of());

    /// @throws gradus.error.ConfigException if the scale is not above 0, or a length not above 0 or there twice
    public ContrastiveConfig {
        matryoshka = List.copyOf(matryoshka);
        new InfoNce(scale, symmetric);
        if (!matryoshka.isEmpty()) {
            new Matryoshka(new InfoNce(scale, symmetric), matryoshka);
        }
    }

    public ContrastiveConfig withScale(double other) {
        return new ContrastiveConfig(other, symmetric, hardNegatives, matryoshka);
    }

    public ContrastiveConfig withSymmetric(boolean other) {
        return new ContrastiveConfig(scale, other, hardNegatives, matryoshka);
    }

    public ContrastiveConfig withHardNegatives(boolean other) {
        return new ContrastiveConfig(scale, symmetric, other, matryoshka);
    }

    public ContrastiveConfig withMatryoshka(List<Integer> other) {
        return new ContrastiveConfig(scale, symmetric, hardNegatives, other);
    }

    /// Checks that vectors are long enough.
    ///
    /// @throws gradus.error.ConfigException if a beginning is longer than the whole
    public void requireFits(int dim) {
        matryoshka.forEach(each ->
                require(each <= dim, "vectors of %d numbers have no beginning of %d; got %s", dim, each, matryoshka));
    }

    /// How many texts an example has: an anchor, its passage, and the wrong passage where there is one.
    public int texts() {
        return hardNegatives ? 3 : 2;
    }

    /// **Shapes** anchors (B, C), passages (M, C), left out (B, M) or null → ()
    Tensor loss(Tensor anchors, Tensor passages, Tensor leftOut) {
        InfoNce loss = new InfoNce(scale, symmetric);
        return matryoshka.isEmpty()
                ? loss.of(anchors, passages, leftOut)
                : new Matryoshka(loss, matryoshka).of(anchors, passages, leftOut);
    }
}
