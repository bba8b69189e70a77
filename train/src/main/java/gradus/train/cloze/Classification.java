package gradus.train.cloze;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.Layer;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// The task of telling the class of examples: the loss is the cross-entropy of the labels over the classes'
/// scores. The examples come in an order that is drawn anew in each epoch, from the epoch's number.
public final class Classification implements Task {
    private final TextClassifier classifier;
    private final List<Example> training;
    private final List<Example> validation;
    private final LanguageModelling.Sizes sizes;
    private final Rng rng;

    /// @param validation may be empty
    /// @param rng        random numbers for the order
    /// @throws DataException if there is nothing to learn from, or a label is out of range
    public Classification(
            TextClassifier classifier,
            List<Example> training,
            List<Example> validation,
            LanguageModelling.Sizes sizes,
            Rng rng) {
        require(classifier != null && sizes != null && rng != null, "Classification: every part must be given");
        if (training.isEmpty()) {
            throw new DataException("there are no examples to learn from");
        }
        requireLabels(training, classifier.classes());
        requireLabels(validation, classifier.classes());
        this.classifier = classifier;
        this.training = List.copyOf(training);
        this.validation = List.copyOf(validation);
        this.sizes = sizes;
        this.rng = rng;
    }

    private static void requireLabels(List<Example> examples, int classes) {
        for (Example each : examples) {
            if (each.label() >= classes) { // BAD-INPUT 100
                throw new DataException("label %s is out of range: there are %s classes, counted from 0"
                        .formatted(each.label(), classes));
            }
        }
    }

    @Override
    public Layer model() {
        return classifier.model();
    }

    @Override
    public List<Some> parts(int step) {
        List<Some> parts = new ArrayList<>(sizes.accumulation());
        for (int micro = 0; micro < sizes.accumulation(); micro++) {
            long first = ((long) step * sizes.accumulation() + micro) * sizes.batchSize();
            List<Example> examples = new ArrayList<>(sizes.batchSize());
            for (int row = 0; row < sizes.batchSize(); row++) {
                examples.add(at(first + row));
            }
            parts.add(new Some(examples));
        }
        return parts;
    }

    private Example at(long turn) {
        int count = training.size();
        Rng picks = rng.at(turn / count);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) { // Fisher and Yates
            int j = picks.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return training.get(order[(int) (turn % count)]);
    }

    /// A batch of examples.
    public final class Some implements Part {
        private final List<Example> examples;
        private Tensor scores; // (B, K), once they are computed

        private Some(List<Example> examples) {
            this.examples = List.copyOf(examples);
        }

        /// The examples, in their order.
        public List<Example> examples() {
            return examples;
        }

        @Override
        public long counted() {
            return examples.size();
        }

        /// How many examples: what a model reads of each depends on its classifier.
        @Override
        public long tokens() {
            return examples.size();
        }

        @Override
        public Tensor loss() {
            scores = classifier.scores(examples.stream().map(Example::texts).toList()); // (B, K)
            return scores.crossEntropy(
                    Indices.of(examples.stream().mapToInt(Example::label).toArray()), -1, 0); // ()
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the scores", scores);
            return computed;
        }
    }

    /// The mean loss over the validation examples.
    @Override
    public OptionalDouble evaluate(int batches) {
        if (validation.isEmpty()) {
            return OptionalDouble.empty();
        }
        int most = batches == 0
                ? validation.size()
                : (int) Math.min(validation.size(), (long) batches * sizes.batchSize());
        double sum = 0;
        boolean before = model().training();
        model().eval();
        try (var pause = Autograd.noGrad()) {
            for (int from = 0; from < most; from += sizes.batchSize()) {
                int to = Math.min(from + sizes.batchSize(), most);
                try (var scope = Scope.open()) {
                    sum += new Some(validation.subList(from, to)).loss().item() * (to - from);
                }
            }
        } finally {
            if (before) {
                model().train();
            }
        }
        return OptionalDouble.of(sum / most);
    }

    /// SHA-256 of all examples.
    @Override
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (List<Example> part : List.of(training, validation)) {
                digest.update(number(part.size()));
                for (Example each : part) {
                    digest.update(number(each.label()));
                    digest.update(number(each.texts().size()));
                    for (String text : each.texts()) {
                        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                        digest.update(number(bytes.length));
                        digest.update(bytes);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }
}
