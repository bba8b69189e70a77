package gradus.train.task;

import gradus.error.DataException;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Cuts a text's tokens into crops (sequences of T tokens) in a random order, and makes batches of them.
///
/// Every epoch begins at a random place, cuts the text into windows of T tokens, and goes through these in a
/// random order. So every part of the text is seen equally often. Drawing each crop by itself is worse in a
/// short training: after as many crops as one epoch has, a third of the text would still be unseen.
///
/// Crops are numbered, and crop i depends only on the seed and on i. So the crops of a step do not depend on
/// earlier steps, and several small batches have the same rows as one large batch.
public final class Batches {
    private final Tokens tokens;
    private final int context;
    private final int batchSize;
    private final Rng rng;
    private final int windows; // of an epoch
    private final int shifts; // places where an epoch may begin
    private int[] order; // of the windows in the epoch last asked for
    private long epoch = -1;

    /// @param tokens    the text
    /// @param context   T, tokens of one crop
    /// @param batchSize B, crops of one batch
    /// @throws DataException if a size is below 1, B·T is 2^31 or more, or there are fewer than T + 1 tokens
    public Batches(Tokens tokens, int context, int batchSize, Rng rng) {
        if (context < 1) {
            throw new DataException("batches: the context must be at least 1; got " + context);
        }
        if (batchSize < 1) {
            throw new DataException("batches: the batch size must be at least 1; got " + batchSize);
        }
        if ((long) batchSize * context > Integer.MAX_VALUE) {
            throw new DataException(
                    "batches: batchSize times context must be below 2^31; got %s and %s".formatted(batchSize, context));
        }
        if (tokens.size() <= context) {
            throw new DataException(("batches: a context of %s needs at least %s tokens; got %s;"
                            + " give more text or a shorter context")
                    .formatted(context, context + 1L, tokens.size()));
        }
        this.tokens = tokens;
        this.context = context;
        this.batchSize = batchSize;
        this.rng = rng;
        long whole = (tokens.size() - context) / context;
        if (whole > Integer.MAX_VALUE - 8) {
            throw new DataException(
                    "batches: %s tokens are more than 2^31 windows of %s".formatted(tokens.size(), context));
        }
        this.windows = (int) Math.max(1, whole);
        this.shifts = (int) (tokens.size() - (long) windows * context);
        this.order = new int[windows];
    }

    /// Batches of an array of tokens, which is not copied.
    public Batches(int[] tokens, int context, int batchSize, Rng rng) {
        this(Tokens.of(tokens), context, batchSize, rng);
    }

    /// Throws if a token is not in the vocabulary.
    ///
    /// @throws DataException naming the first one and its place
    public static void requireVocabulary(Tokens tokens, int vocabSize) {
        tokens.forEachChunk((from, ids) -> {
            for (int i = 0; i < ids.length; i++) {
                if (ids[i] < 0 || ids[i] >= vocabSize) {
                    throw new DataException("tokens: token %s at position %s is outside the vocabulary 0..%s"
                            .formatted(ids[i], from + i, vocabSize - 1));
                }
            }
        });
    }

    /// The batch of the crops numbered first, first + 1, …, first + B - 1.
    ///
    /// **Shapes** → inputs and targets (B, T)
    public Batch at(long first) {
        int[] inputs = new int[batchSize * context];
        int[] targets = new int[batchSize * context];
        for (int row = 0; row < batchSize; row++) {
            long start = start(first + row);
            tokens.copy(start, inputs, row * context, context);
            tokens.copy(start + 1, targets, row * context, context);
        }
        Shape shape = Shape.of(batchSize, context);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }

    private long start(long crop) {
        if (crop / windows != epoch) {
            epoch = crop / windows;
            shuffle(rng.at(epoch).at("order"));
        }
        int shift = rng.at(epoch).index(0, shifts);
        return shift + (long) order[(int) (crop % windows)] * context;
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
