package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.layers.model.BertMaskedLm;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// The task of guessing hidden tokens from all the others: masked-language modelling. The loss is the
/// cross-entropy of the tokens that [Masking] hid, and of no others. Devlin et al. 2018, arXiv:1810.04805.
///
/// A sequence is one text, `[CLS] text [SEP]`, as RoBERTa's "doc-sentences"; there is no second segment and
/// no task of the next sentence, which did not help (Liu et al. 2019, arXiv:1907.11692). The texts come in an
/// order that is drawn anew in each epoch. What is hidden in a text is drawn from the number of its turn, so
/// it is other tokens each time, and a resumed training draws the same. For the evaluation it is always the
/// same tokens.
///
/// The head is computed where something is to be guessed only: the same numbers for a seventh of its work.
public final class MaskedLm implements Task {
    private final BertMaskedLm model;
    private final Split data;
    private final LanguageModelling.Sizes sizes;
    private final Rng rng;
    private final EncoderTokens tokens;
    private final Masking masking;
    private final Texts training;
    private final Texts validation;
    private final ShuffledOrder order;
    private String fingerprint;

    /// @param data   texts, `[SEP]` between them
    /// @param rng    random numbers for the order and for what is hidden
    /// @throws DataException if there is no text to learn from, or a token that the model does not know
    public MaskedLm(BertMaskedLm model, Split data, EncoderTokens tokens, LanguageModelling.Sizes sizes, Rng rng) {
        this(model, data, new Masking(tokens), sizes, rng);
    }

    /// With another share of hidden tokens.
    public MaskedLm(BertMaskedLm model, Split data, Masking masking, LanguageModelling.Sizes sizes, Rng rng) {
        require(model != null && data != null && masking != null, "MaskedLm: model, data and masking must be given");
        int context = model.config().context();
        LanguageModelling.requireSizes(context, model.config().vocabSize(), sizes.batchSize());
        this.model = model;
        this.data = data;
        this.sizes = sizes;
        this.rng = rng;
        this.tokens = masking.tokens();
        this.masking = masking;
        Batches.requireVocabulary(data.train(), model.config().vocabSize());
        Batches.requireVocabulary(data.validation(), model.config().vocabSize());
        this.training = new Texts(data.train(), tokens, context);
        this.validation = new Texts(data.validation(), tokens, context);
        if (training.count() == 0) {
            throw new DataException("there is no text to learn from: the training part has no tokens");
        }
        this.order = new ShuffledOrder(training.count(), rng);
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Hidden> parts(int step) {
        List<Hidden> parts = new ArrayList<>(sizes.accumulation());
        for (int micro = 0; micro < sizes.accumulation(); micro++) {
            long first = ((long) step * sizes.accumulation() + micro) * sizes.batchSize();
            List<Masking.Masked> rows = new ArrayList<>(sizes.batchSize());
            for (int row = 0; row < sizes.batchSize(); row++) {
                long turn = first + row;
                rows.add(masking.of(training.at(order.at(turn)), rng.at("masks").at(turn)));
            }
            parts.add(new Hidden(rows));
        }
        return parts;
    }

    /// A batch of texts with hidden tokens.
    public final class Hidden implements Part {
        private final PaddedRows rows;
        private final Indices places; // (M), among the B·T tokens
        private final Indices targets; // (M)
        private Tensor logits; // (M, V), once they are computed

        private Hidden(List<Masking.Masked> masked) {
            rows = PaddedRows.of(masked.stream().map(Masking.Masked::inputs).toList(), tokens.pad());
            int[] labels = PaddedRows.filled(
                            masked.stream().map(Masking.Masked::labels).toList(), CrossEntropy.IGNORE_INDEX)
                    .values();
            int[] counted = IntStream.range(0, labels.length)
                    .filter(place -> labels[place] != CrossEntropy.IGNORE_INDEX)
                    .toArray();
            places = Indices.of(counted);
            targets =
                    Indices.of(IntStream.of(counted).map(place -> labels[place]).toArray());
        }

        /// What the model reads.
        public PaddedRows rows() {
            return rows;
        }

        @Override
        public long counted() {
            return places.size();
        }

        @Override
        public long tokens() {
            return rows.ids().size();
        }

        @Override
        public Tensor loss() {
            logits = model.forward(rows.ids(), rows.segments(), rows.mask(), places); // (M, V)
            return logits.crossEntropy(targets, CrossEntropy.IGNORE_INDEX, 0); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the logits", logits);
            return computed;
        }
    }

    @Override
    public OptionalDouble evaluate(int count) {
        return validation.count() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(measure(count).loss());
    }

    /// What an evaluation finds.
    ///
    /// @param loss    the mean over the hidden tokens, in nats
    /// @param hidden  how many were hidden
    /// @param guessed how many of them the model guesses right
    public record Measure(double loss, long hidden, long guessed) {}

    /// Measures the model on the validation part.
    ///
    /// @param count how many batches, at equal distances; 0 for all
    public Measure measure(int count) {
        int batches = (validation.count() + sizes.batchSize() - 1) / sizes.batchSize();
        int taken = count == 0 ? batches : Math.min(count, batches);
        double sum = 0;
        long hidden = 0;
        long right = 0;
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (int i = 0; i < taken; i++) {
                try (var scope = Scope.open()) {
                    Hidden batch = fixed((int) ((long) i * batches / taken));
                    if (batch.counted() > 0) {
                        sum += batch.loss().item() * batch.counted();
                        hidden += batch.counted();
                        right += right(batch);
                    }
                }
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        return new Measure(hidden == 0 ? 0 : sum / hidden, hidden, right);
    }

    /// Texts of the validation part, what is hidden in them drawn from their numbers.
    private Hidden fixed(int batch) {
        int from = batch * sizes.batchSize();
        int to = Math.min(from + sizes.batchSize(), validation.count());
        Rng masks = Rng.of(0).at("validation masks"); // whatever the seed of the training
        return new Hidden(IntStream.range(from, to)
                .mapToObj(text -> masking.of(validation.at(text), masks.at(text)))
                .toList());
    }

    private static long right(Hidden batch) {
        float[] scores = batch.logits.toFloatArray();
        int vocabulary = batch.logits.dim(1);
        long right = 0;
        for (int row = 0; row < batch.targets.size(); row++) {
            int best = 0;
            for (int v = 1; v < vocabulary; v++) {
                best = scores[row * vocabulary + v] > scores[row * vocabulary + best] ? v : best;
            }
            right += best == batch.targets.get(row) ? 1 : 0;
        }
        return right;
    }

    /// SHA-256 of all the tokens and of where they are split.
    @Override
    public String fingerprint() {
        if (fingerprint == null) {
            fingerprint = data.sum();
        }
        return fingerprint;
    }
}
