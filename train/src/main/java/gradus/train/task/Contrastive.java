package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.model.BertEncoder;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// The task of telling which passage of a batch belongs to an anchor, by which an encoder learns to give texts
/// that mean the same vectors that are near: [gradus.layers.loss.InfoNce] of the vectors of [SentenceVectors].
///
/// An example is two texts, an anchor and its passage, or three: then the third is a passage that is near and
/// wrong, a hard negative, for all anchors of the batch. Where another passage of the batch is right for an
/// anchor too, because it is the same passage, or because its anchor is the same, it is no negative.
///
/// The examples come in an order that is drawn anew in each epoch. The loss depends on the batch: with more
/// negatives it is higher.
public final class Contrastive implements Task {
    private final BertEncoder encoder;
    private final Split data;
    private final EncoderTokens tokens;
    private final ContrastiveConfig config;
    private final LanguageModelling.Sizes sizes;
    private final Texts training;
    private final Texts validation;
    private final ShuffledOrder order;
    private String fingerprint;

    /// @param data   texts, `[SEP]` between them: those of the first example, those of the second and so on
    /// @param sizes  how many examples a batch has
    /// @param rng    random numbers for the order
    /// @throws DataException if there are fewer examples than a batch has, a part of one, or a token that the
    ///                       encoder does not know
    public Contrastive(
            BertEncoder encoder,
            Split data,
            EncoderTokens tokens,
            ContrastiveConfig config,
            LanguageModelling.Sizes sizes,
            Rng rng) {
        require(encoder != null && data != null && tokens != null, "Contrastive: every part must be given");
        require(
                sizes.batchSize() >= 2,
                "the other examples of a batch are what an anchor is told from; batchSize must be at least 2; got %d",
                sizes.batchSize());
        config.requireFits(encoder.config().dim());
        this.encoder = encoder;
        this.data = data;
        this.tokens = tokens;
        this.config = config;
        this.sizes = sizes;
        Batches.requireVocabulary(data.train(), encoder.config().vocabSize());
        Batches.requireVocabulary(data.validation(), encoder.config().vocabSize());
        this.training = texts(data.train());
        this.validation = texts(data.validation());
        if (count(training) < sizes.batchSize()) {
            throw new DataException("a batch of %s examples cannot be made of %s; give more examples or a smaller"
                            .formatted(sizes.batchSize(), count(training))
                    + " --train.batchSize");
        }
        this.order = new ShuffledOrder(count(training), rng);
    }

    private Texts texts(Tokens part) {
        Texts texts = Texts.every(part, tokens, encoder.config().context());
        if (texts.count() % config.texts() != 0) {
            throw new DataException("%s texts are not examples of %s each".formatted(texts.count(), config.texts()));
        }
        return texts;
    }

    private int count(Texts texts) {
        return texts.count() / config.texts();
    }

    @Override
    public BertEncoder model() {
        return encoder;
    }

    @Override
    public List<Pairs> parts(int step) {
        List<Pairs> parts = new ArrayList<>(sizes.accumulation());
        for (int micro = 0; micro < sizes.accumulation(); micro++) {
            long first = ((long) step * sizes.accumulation() + micro) * sizes.batchSize();
            int[] examples = new int[sizes.batchSize()];
            for (int row = 0; row < examples.length; row++) {
                examples[row] = order.at(first + row);
            }
            parts.add(new Pairs(training, examples));
        }
        return parts;
    }

    /// A batch of anchors and passages.
    public final class Pairs implements Part {
        private final List<int[]> anchors = new ArrayList<>();
        private final List<int[]> passages = new ArrayList<>(); // (M), the anchors' own first
        private Tensor vectors; // (B + M, C), once they are computed

        private Pairs(Texts texts, int[] examples) {
            for (int example : examples) {
                anchors.add(texts.at(example * config.texts()));
                passages.add(texts.at(example * config.texts() + 1));
            }
            if (config.hardNegatives()) {
                for (int example : examples) {
                    passages.add(texts.at(example * config.texts() + 2));
                }
            }
        }

        /// The anchors' tokens.
        public List<int[]> anchors() {
            return List.copyOf(anchors);
        }

        /// The passages' tokens: the anchors' own, and behind them the hard negatives.
        public List<int[]> passages() {
            return List.copyOf(passages);
        }

        @Override
        public long counted() {
            return anchors.size();
        }

        @Override
        public long tokens() {
            return tokensOf(anchors) + tokensOf(passages);
        }

        private static long tokensOf(List<int[]> rows) {
            return rows.stream().mapToLong(row -> row.length).sum();
        }

        @Override
        public Tensor loss() {
            List<int[]> all = new ArrayList<>(anchors);
            all.addAll(passages);
            vectors = SentenceVectors.of(encoder, all, tokens.pad()); // (B + M, C)
            int batch = anchors.size();
            return config.loss(vectors.slice(0, 0, batch), vectors.slice(0, batch), leftOut()); // ()
        }

        /// 1 where a passage that is not an anchor's own is right for it too.
        ///
        /// **Shapes** → (B, M), or null where there is none
        private Tensor leftOut() {
            int batch = anchors.size();
            int count = passages.size();
            double[] rightToo = new double[batch * count];
            boolean any = false;
            for (int i = 0; i < batch; i++) {
                for (int j = 0; j < count; j++) {
                    boolean same = j != i
                            && (Arrays.equals(passages.get(i), passages.get(j))
                                    || j < batch && Arrays.equals(anchors.get(i), anchors.get(j)));
                    rightToo[i * count + j] = same ? 1 : 0;
                    any |= same;
                }
            }
            return any ? Tensor.of(rightToo, batch, count).to(vectors.dtype()) : null;
        }

        @Override
        public SequencedMap<String, Tensor> computed() {
            SequencedMap<String, Tensor> computed = new LinkedHashMap<>();
            computed.put("the vectors", vectors);
            return computed;
        }
    }

    /// The mean loss over batches of examples that were held back, each as large as in training where there are
    /// so many.
    @Override
    public OptionalDouble evaluate(int count) {
        int size = Math.min(sizes.batchSize(), count(validation));
        if (size < 2) {
            return OptionalDouble.empty();
        }
        int batches = count(validation) / size;
        int taken = count == 0 ? batches : Math.min(count, batches);
        double sum = 0;
        boolean before = encoder.training();
        encoder.eval();
        try (var pause = Autograd.noGrad()) {
            for (int i = 0; i < taken; i++) {
                int first = (int) ((long) i * batches / taken) * size;
                try (var scope = Scope.open()) {
                    sum += new Pairs(
                                    validation,
                                    IntStream.range(first, first + size).toArray())
                            .loss()
                            .item();
                }
            }
        } finally {
            if (before) {
                encoder.train();
            }
        }
        return OptionalDouble.of(sum / taken);
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
