package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.train.task.MaskedLm;
import gradus.train.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Classification by a cloze with masked-language modelling beside it, so that a model that learns from a few
/// examples does not forget the language:
///
/// `L = (1 − α)·L_CE + α·L_MLM`
///
/// L_CE is the loss of a [Classification], over labelled examples; L_MLM that of a [MaskedLm], over texts that
/// need no labels, which hides new words each time. Both train the same model. It is the auxiliary task of PET,
/// Schick & Schütze 2021, arXiv:2001.07676, sections 3.1 and 3.2, where α = 10⁻⁴: L_MLM is the larger by far,
/// and few examples are to decide. Their program's `alpha` is 1 − α, 0.9999.
///
/// Departs from the paper in what is read: texts as they are, not put into the pattern. Each micro-batch of
/// examples has one of texts beside it, so that a step over several has the mean of their masked losses. With α
/// = 0 no text is read, and the training is, bit for bit, that of the classification alone, whose checkpoints
/// go on.
///
/// Costs a second pass through the model in each step, which is more than the first where texts are longer than
/// examples.
public final class AuxiliaryMaskedLm implements Task {
    /// α of the paper.
    public static final double ALPHA = 1e-4;

    private final Classification classification;
    private final MaskedLm texts;
    private final double alpha;

    /// @param texts of the same model, and with the same sizes of batches; null for none, if α is 0
    /// @param alpha the share of the masked-language loss, from 0 to 1
    /// @throws gradus.error.ConfigException if α is out of range, or the model of the two is not the same
    /// @throws DataException                if there are no texts, and α is above 0
    public AuxiliaryMaskedLm(Classification classification, MaskedLm texts, double alpha) {
        requireAlpha(alpha);
        require(classification != null, "AuxiliaryMaskedLm: a classification must be given");
        if (texts == null && alpha > 0) {
            throw new DataException("there are no texts to hide words of: α is " + alpha);
        }
        require(
                texts == null || texts.model() == classification.model(),
                "AuxiliaryMaskedLm: both losses must be those of one model");
        this.classification = classification;
        this.texts = texts;
        this.alpha = alpha;
    }

    /// @throws gradus.error.ConfigException if α is not from 0 to 1
    public static void requireAlpha(double alpha) {
        require(alpha >= 0 && alpha <= 1, "α, the share of the masked-language loss, must be in [0, 1]; got %s", alpha);
    }

    @Override
    public Layer model() {
        return classification.model();
    }

    @Override
    public List<? extends Part> parts(int step) {
        List<Classification.Some> labelled = classification.parts(step);
        if (alpha == 0) {
            return labelled;
        }
        List<MaskedLm.Hidden> hidden = texts.parts(step);
        require(
                labelled.size() == hidden.size(),
                "AuxiliaryMaskedLm: a step must have as many micro-batches of texts as of examples; got %d and %d",
                hidden.size(),
                labelled.size());
        List<Both> parts = new ArrayList<>(labelled.size());
        for (int i = 0; i < labelled.size(); i++) {
            parts.add(new Both(labelled.get(i), hidden.get(i)));
        }
        return parts;
    }

    /// A batch of examples and one of texts.
    private final class Both implements Part {
        private final Classification.Some labelled;
        private final MaskedLm.Hidden hidden;

        private Both(Classification.Some labelled, MaskedLm.Hidden hidden) {
            this.labelled = labelled;
            this.hidden = hidden;
        }

        @Override
        public long counted() {
            return labelled.counted();
        }

        @Override
        public long tokens() {
            return labelled.tokens() + hidden.tokens();
        }

        @Override
        public Tensor loss() {
            return labelled.loss().mul(1 - alpha).add(hidden.loss().mul(alpha)); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>(labelled.computed());
            computed.putAll(hidden.computed());
            return computed;
        }
    }

    /// That of the classification, which is what is wanted.
    @Override
    public OptionalDouble evaluate(int batches) {
        return classification.evaluate(batches);
    }

    /// That of the classification where α is 0, else that of the examples, the texts and α.
    @Override
    public String fingerprint() {
        return alpha == 0
                ? classification.fingerprint()
                : "%s, α %s on %s".formatted(classification.fingerprint(), alpha, texts.fingerprint());
    }

    @Override
    public List<String> formerFingerprints() {
        return alpha == 0 ? classification.formerFingerprints() : List.of();
    }
}
