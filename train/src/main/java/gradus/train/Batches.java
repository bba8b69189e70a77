package gradus.train;

import gradus.error.DataException;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;

/// Random crops of a token array, numbered. Every epoch cuts the text into windows of T tokens, from a random place on,
/// and goes through them in a random order: all of the text is seen as often as the rest of it, which teaches more in
/// a short training than drawing each crop by itself, where after one epoch's worth a third of the text is unseen.
///
/// Crop i depends on the seed and i alone, so a step's crops are the same whatever came before, and the rows of
/// accumulated small batches are those of one large batch.
public final class Batches {
    private final int[] tokens;
    private final int context;
    private final int batchSize;
    private final Rng rng;
    private final int windows; // of an epoch
    private final int shifts; // places where an epoch may begin
    private int[] order; // of the windows in the epoch last asked for
    private long epoch = -1;

    /// @param tokens    the text; not copied
    /// @param context   T, tokens of one crop
    /// @param batchSize B, crops of one batch
    /// @throws DataException if a size is below 1 or there are fewer than T + 1 tokens
    public Batches(int[] tokens, int context, int batchSize, Rng rng) {
        if (context < 1) {
            throw new DataException("batches: the context must be at least 1; got " + context);
        }
        if (batchSize < 1) {
            throw new DataException("batches: the batch size must be at least 1; got " + batchSize);
        }
        if (tokens.length <= context) {
            throw new DataException(("batches: a context of %s needs at least %s tokens; got %s;"
                            + " give more text or a shorter context")
                    .formatted(context, context + 1, tokens.length));
        }
        this.tokens = tokens;
        this.context = context;
        this.batchSize = batchSize;
        this.rng = rng;
        this.windows = Math.max(1, (tokens.length - context) / context);
        this.shifts = tokens.length - windows * context;
        this.order = new int[windows];
    }

    /// Refuses tokens that a vocabulary does not have.
    ///
    /// @throws DataException naming the first one and its place
    public static void requireVocabulary(int[] tokens, int vocabSize) {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= vocabSize) {
                throw new DataException("tokens: token %s at position %s is outside the vocabulary 0..%s"
                        .formatted(tokens[i], i, vocabSize - 1));
            }
        }
    }

    /// The batch of the crops numbered first, first + 1, …, first + B - 1.
    ///
    /// **Shapes** → inputs and targets (B, T)
    public Batch at(long first) {
        int[] inputs = new int[batchSize * context];
        int[] targets = new int[batchSize * context];
        for (int row = 0; row < batchSize; row++) {
            int start = start(first + row);
            System.arraycopy(tokens, start, inputs, row * context, context);
            System.arraycopy(tokens, start + 1, targets, row * context, context);
        }
        Shape shape = Shape.of(batchSize, context);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }

    private int start(long crop) {
        if (crop / windows != epoch) {
            epoch = crop / windows;
            shuffle(rng.at(epoch).at("order"));
        }
        int shift = rng.at(epoch).index(0, shifts);
        return shift + order[(int) (crop % windows)] * context;
    }

    /// Fisher and Yates's shuffle.
    private void shuffle(Rng picks) {
        for (int i = 0; i < windows; i++) {
            int j = picks.index(i, i + 1);
            order[i] = order[j];
            order[j] = i;
        }
    }
}
