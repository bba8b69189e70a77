package gradus.train;

import gradus.error.DataException;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;

/// Random crops of a token array. Row r of step s starts where the generator says under (seed, s, r), so a step's
/// crops depend on nothing else, and the rows of accumulated small batches are those of one large batch.
public final class Batches {
    private final int[] tokens;
    private final int context;
    private final int batchSize;
    private final Rng rng;

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
            throw new DataException(("batches: a context of %d needs at least %d tokens; got %d;"
                            + " give more text or a shorter context")
                    .formatted(context, context + 1, tokens.length));
        }
        this.tokens = tokens;
        this.context = context;
        this.batchSize = batchSize;
        this.rng = rng;
    }

    /// Refuses tokens that a vocabulary does not have.
    ///
    /// @throws DataException naming the first one and its place
    public static void requireVocabulary(int[] tokens, int vocabSize) {
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i] < 0 || tokens[i] >= vocabSize) {
                throw new DataException("tokens: token %d at position %d is outside the vocabulary 0..%d"
                        .formatted(tokens[i], i, vocabSize - 1));
            }
        }
    }

    /// A batch of a step.
    ///
    /// **Shapes** → inputs and targets (B, T)
    ///
    /// @param step  counted from 0
    /// @param micro which of the step's batches, counted from 0
    public Batch at(long step, int micro) {
        Rng crops = rng.at(step);
        int[] inputs = new int[batchSize * context];
        int[] targets = new int[batchSize * context];
        for (int row = 0; row < batchSize; row++) {
            int start = crops.index((long) micro * batchSize + row, tokens.length - context);
            System.arraycopy(tokens, start, inputs, row * context, context);
            System.arraycopy(tokens, start + 1, targets, row * context, context);
        }
        Shape shape = Shape.of(batchSize, context);
        return new Batch(Indices.of(shape, inputs), Indices.of(shape, targets));
    }
}
