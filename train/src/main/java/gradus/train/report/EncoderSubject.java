package gradus.train.report;

import gradus.layers.Layer;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.train.TrainConfig;
import gradus.train.corpus.ControlTokens;
import gradus.train.run.SavedEncoder;
import gradus.train.task.EncoderTokens;
import gradus.train.task.MaskedLm;
import gradus.train.task.Split;
import gradus.train.task.Task;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A model that guesses hidden tokens. How surprising a token is, is asked by hiding it alone (Salazar et al.
/// 2020, *Masked language model scoring*, arXiv:1910.14659).
record EncoderSubject(SavedEncoder saved, TrainConfig training) implements Subject {
    private static final int TOGETHER = 32;

    @Override
    public Layer model() {
        return saved.model();
    }

    @Override
    public int heads() {
        return saved.model().config().heads();
    }

    @Override
    public int context() {
        return saved.model().config().context();
    }

    @Override
    public Tokenizer tokenizer() {
        return saved.tokenizer();
    }

    @Override
    public boolean causal() {
        return false;
    }

    private EncoderTokens kinds() {
        return ControlTokens.of(saved.tokenizer());
    }

    @Override
    public void read(int... ids) {
        saved.model().forward(rows(1, ids), rows(1, new int[ids.length]), KeyMask.full());
    }

    private static Indices rows(int count, int... ids) {
        return Indices.of(ids).reshape(count, ids.length / count);
    }

    @Override
    public double[] losses(int... ids) {
        int time = Math.min(ids.length, context());
        int vocabulary = saved.model().config().vocabSize();
        double[] losses = new double[ids.length];
        Arrays.fill(losses, Double.NaN);
        int[] asked =
                IntStream.range(0, time).filter(t -> kinds().isWord(ids[t])).toArray();
        for (int from = 0; from < asked.length; from += TOGETHER) {
            int count = Math.min(TOGETHER, asked.length - from);
            int[] hidden = new int[count * time];
            int[] places = new int[count];
            for (int i = 0; i < count; i++) {
                System.arraycopy(ids, 0, hidden, i * time, time);
                places[i] = i * time + asked[from + i];
                hidden[places[i]] = kinds().mask();
            }
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                Tensor logits = saved.model()
                        .forward(
                                rows(count, hidden),
                                rows(count, new int[hidden.length]),
                                KeyMask.full(),
                                Indices.of(places)); // (M, V)
                float[] logP = logits.logSoftmax().toFloatArray();
                for (int i = 0; i < count; i++) {
                    losses[asked[from + i]] = -logP[i * vocabulary + ids[asked[from + i]]];
                }
            }
        }
        return losses;
    }

    @Override
    public Optional<List<Tensor>> lens(int... ids) {
        return Optional.empty();
    }

    @Override
    public Task task(int... ids) {
        int[] words = Arrays.stream(ids).filter(kinds()::isWord).toArray();
        int length = context() - 1; // with [SEP]; [CLS] is added
        int[] texts = IntStream.range(0, training.batches().batchSize() * length)
                .map(i -> i % length == length - 1 ? kinds().sep() : words[i % length % words.length])
                .toArray();
        return new MaskedLm(
                saved.model(),
                new Split(texts, new int[0]),
                kinds(),
                training.batches(),
                Rng.of(training.loop().seed()));
    }

    /// Each line is a sequence of its own in training; the longest one shows most.
    @Override
    public int[] encode(String text) {
        String longest =
                text.lines().max(Comparator.comparingInt(String::length)).orElse("");
        return kinds().frame(saved.tokenizer().encode(longest), context());
    }
}
