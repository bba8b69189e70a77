package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.layers.attention.cache.PackedDocuments;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// The task of answering: conversations of which the assistant's tokens are predicted, those that close its
/// turns included, and nothing else. The loss is the mean cross-entropy of these tokens over a whole step,
/// however they are divided over rows and micro-batches. Ouyang et al. 2022, arXiv:2203.02155, section 3.
///
/// Conversations are short and differ in length. Packed, several share a row, and [PackedDocuments] keeps them
/// apart: loss and gradients are those of each conversation alone. Otherwise each has a row of its own, filled
/// up to the longest of its batch.
public final class InstructionTuning implements Task {
    private final LanguageModel model;
    private final Examples train;
    private final Examples heldOut;
    private final Settings settings;
    private final Packing packing;
    private final Loss loss;
    private String fingerprint; // once it is needed

    /// @param sizes  rows of a forward pass, and forward passes of a step
    /// @param places places of a row, at most the model's context
    /// @param packed whether conversations share rows
    public record Settings(LanguageModelling.Sizes sizes, int places, boolean packed) {}

    /// @param train   what is learned
    /// @param heldOut what is only measured; may be empty
    /// @param rng     random numbers for the order
    /// @throws DataException if there is nothing to learn from, or an id is not in the vocabulary
    /// @throws gradus.error.ConfigException if an example or a row is longer than allowed, or rows are to be
    ///     shared and the model cannot keep documents apart
    public InstructionTuning(LanguageModel model, Examples train, Examples heldOut, Settings settings, Rng rng) {
        require(
                settings.places >= 1 && settings.places <= model.context(),
                "a row must have 1 to %d places, the model's context; got %d",
                model.context(),
                settings.places);
        require(
                !settings.packed || model.packable(),
                "%s: conversations cannot share a row of this model; leave packing out",
                model.getClass().getSimpleName());
        LanguageModelling.requireSizes(settings.places, model.vocabSize(), settings.sizes.batchSize());
        if (train.count() == 0) {
            throw new DataException("there is no conversation to learn from");
        }
        for (Examples part : List.of(train, heldOut)) {
            if (part.highestId() >= model.vocabSize()) {
                throw new DataException("tokens: token %s is outside the vocabulary 0..%s"
                        .formatted(part.highestId(), model.vocabSize() - 1)); // BAD-INPUT 92
            }
        }
        this.model = model;
        this.train = train;
        this.heldOut = heldOut;
        this.settings = settings;
        this.packing = packing(train, settings, rng);
        this.loss = Loss.crossEntropy();
    }

    private static Packing packing(Examples examples, Settings settings, Rng rng) {
        int[] sizes = IntStream.range(0, examples.count()).map(examples::places).toArray();
        return new Packing(sizes, settings.places, settings.packed, rng);
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public List<Rows> parts(int step) {
        int batchSize = settings.sizes.batchSize();
        int micros = settings.sizes.accumulation();
        List<Rows> parts = new ArrayList<>(micros);
        for (int micro = 0; micro < micros; micro++) {
            parts.add(new Rows(train, packing.rows(((long) step * micros + micro) * batchSize, batchSize)));
        }
        return parts;
    }

    /// How well conversations fill their rows.
    ///
    /// @param rows   of the first epoch
    /// @param filled the share of these rows' places that conversations take
    public record Load(int rows, double filled) {}

    /// What the first epoch's rows hold.
    public Load load() {
        int[][] rows = packing.epoch(0);
        long taken = train.tokens() - train.count();
        return new Load(rows.length, taken / ((double) rows.length * settings.places));
    }

    /// A batch of rows.
    public final class Rows implements Part {
        private final Batch batch;
        private final PackedDocuments documents;
        private Tensor logits; // (B, T, V), once they are computed

        private Rows(Examples examples, int[][] rows) {
            int time = model.cacheable() ? longest(examples, rows) : settings.places; // else the length may matter
            int[] inputs = new int[rows.length * time]; // what fills a row up is 0, and nothing looks at it
            int[] targets = new int[inputs.length];
            Arrays.fill(targets, CrossEntropy.IGNORE_INDEX);
            int[][] lengths = new int[rows.length][];
            for (int i = 0; i < rows.length; i++) {
                lengths[i] = Arrays.stream(rows[i]).map(examples::places).toArray();
                int at = i * time;
                for (int example : rows[i]) {
                    for (int place = 0; place < examples.places(example); place++, at++) {
                        inputs[at] = examples.id(example, place);
                        if (examples.learned(example, place + 1)) {
                            targets[at] = examples.id(example, place + 1);
                        }
                    }
                }
            }
            Shape shape = Shape.of(rows.length, time);
            this.batch = new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
            this.documents = settings.packed ? PackedDocuments.of(time, lengths) : null;
        }

        private static int longest(Examples examples, int[][] rows) {
            return Arrays.stream(rows)
                    .mapToInt(row -> Arrays.stream(row).map(examples::places).sum())
                    .max()
                    .orElseThrow();
        }

        /// What is read and what is predicted.
        public Batch batch() {
            return batch;
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
            logits = documents == null // a causal model does not see the padding behind a conversation
                    ? model.forward(batch.inputs())
                    : model.forward(batch.inputs(), documents); // (B, T, V)
            return loss.of(logits, batch); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the logits", logits);
            return computed;
        }
    }

    /// The mean loss of the assistant's tokens in what is held out.
    ///
    /// @param batches the first so many; 0 for all
    @Override
    public OptionalDouble evaluate(int batches) {
        if (heldOut.count() == 0) {
            return OptionalDouble.empty();
        }
        int[][] rows = packing(heldOut, settings, null).epoch(0);
        int batchSize = settings.sizes.batchSize();
        int all = (rows.length + batchSize - 1) / batchSize;
        double sum = 0;
        long counted = 0;
        boolean training = model.training();
        model.eval();
        try (var pause = Autograd.noGrad()) {
            for (int i = 0; i < (batches == 0 ? all : Math.min(batches, all)); i++) {
                Rows part = new Rows(
                        heldOut, Arrays.copyOfRange(rows, i * batchSize, Math.min(rows.length, (i + 1) * batchSize)));
                try (var scope = Scope.open()) {
                    sum += part.loss().item() * part.counted();
                }
                counted += part.counted();
            }
        } finally {
            if (training) {
                model.train();
            }
        }
        return OptionalDouble.of(sum / counted);
    }

    /// SHA-256 of all conversations, and how they are laid out.
    @Override
    public String fingerprint() {
        if (fingerprint == null) {
            fingerprint = "%s %s %s%s"
                    .formatted(train.sum(), heldOut.sum(), settings.places, settings.packed ? " packed" : "");
        }
        return fingerprint;
    }
}
