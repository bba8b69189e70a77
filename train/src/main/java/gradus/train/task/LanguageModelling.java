package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// The task of predicting the next token: the data are random crops of a text, the loss is the cross-entropy
/// of the token that follows each one.
public final class LanguageModelling implements Task {
    private final LanguageModel model;
    private final Split data;
    private final Sizes sizes;
    private final Rng rng;
    private final Batches batches;
    private final Loss loss;
    private final Loss validationLoss;
    private String fingerprint; // once it is needed

    /// @param batchSize    B, crops of one forward pass
    /// @param accumulation forward passes of one step
    public record Sizes(int batchSize, int accumulation) {

        /// @throws gradus.error.ConfigException if a number is below 1
        public Sizes {
            require(batchSize >= 1, "batchSize must be at least 1; got %d", batchSize);
            require(accumulation >= 1, "accumulation must be at least 1; got %d", accumulation);
        }

        /// Throws if the sizes do not fit together.
        ///
        /// @throws gradus.error.ConfigException naming both
        public void validate() {
            require(
                    (long) batchSize * accumulation <= Integer.MAX_VALUE,
                    "batchSize times accumulation must be below 2^31; got %d and %d",
                    batchSize,
                    accumulation);
        }

        public Sizes withBatchSize(int batchSize) {
            return new Sizes(batchSize, accumulation);
        }

        public Sizes withAccumulation(int accumulation) {
            return new Sizes(batchSize, accumulation);
        }
    }

    /// The task with the cross-entropy as its loss.
    ///
    /// @param rng random numbers for the crops
    /// @throws gradus.error.DataException if the data is too short or has tokens that the model does not know
    public LanguageModelling(LanguageModel model, Split data, Sizes sizes, Rng rng) {
        this(model, data, sizes, rng, Loss.crossEntropy(), Loss.crossEntropy());
    }

    private LanguageModelling(LanguageModel model, Split data, Sizes sizes, Rng rng, Loss loss, Loss validationLoss) {
        this.model = model;
        this.data = data;
        this.sizes = sizes;
        this.rng = rng;
        requireSizes(model.context(), model.vocabSize(), sizes.batchSize);
        Batches.requireVocabulary(data.train(), model.vocabSize());
        Batches.requireVocabulary(data.validation(), model.vocabSize());
        this.batches = new Batches(data.train(), model.context(), sizes.batchSize, rng);
        this.loss = loss;
        this.validationLoss = validationLoss;
    }

    /// The same task with another loss, in training and in evaluation.
    public LanguageModelling withLoss(Loss other) {
        return withLosses(other, other);
    }

    /// The same task with a loss for training and another one for evaluation.
    public LanguageModelling withLosses(Loss training, Loss validation) {
        require(training != null && validation != null, "a loss must be given; got null");
        return new LanguageModelling(model, data, sizes, rng, training, validation);
    }

    /// Throws if the logits of a batch would have more elements than a tensor can hold, before anything is
    /// computed.
    ///
    /// @param context    T
    /// @param vocabulary V
    /// @param batchSize  B
    /// @throws gradus.error.ConfigException naming the sizes
    public static void requireSizes(int context, int vocabulary, int batchSize) {
        long positions = (long) batchSize * context; // below 2^62
        require(
                positions <= Integer.MAX_VALUE && positions * vocabulary <= Integer.MAX_VALUE,
                "batchSize·context·vocabSize, the logits of a batch, must be below 2^31; got %s·%s·%s; make batchSize"
                        + " smaller and accumulation larger",
                batchSize,
                context,
                vocabulary);
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Crops> parts(int step) {
        List<Crops> parts = new ArrayList<>(sizes.accumulation);
        for (int micro = 0; micro < sizes.accumulation; micro++) {
            parts.add(new Crops(batches.at(((long) step * sizes.accumulation + micro) * sizes.batchSize)));
        }
        return parts;
    }

    /// A batch of crops.
    public final class Crops implements Part {
        private final Batch batch;
        private Tensor logits; // (B, T, V), once they are computed

        private Crops(Batch batch) {
            this.batch = batch;
        }

        @Override
        public long counted() {
            return loss.counted(batch);
        }

        @Override
        public long tokens() {
            return batch.inputs().size();
        }

        @Override
        public Tensor loss() {
            logits = model.forward(batch.inputs()); // (B, T, V)
            return loss.of(logits, batch); // ()
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
        if (data.validation().size() < 2) {
            return OptionalDouble.empty();
        }
        Evaluation evaluation = new Evaluation(model, validationLoss, sizes.batchSize);
        return OptionalDouble.of(
                count == 0 ? evaluation.whole(data.validation()) : evaluation.part(data.validation(), count));
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
