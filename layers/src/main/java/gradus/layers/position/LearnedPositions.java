package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Learned absolute positions: `x_t ← x_t + W_P[t]`, a row of a table for each position up to the context.
/// GPT-2 and BERT use them. A position beyond the end of the table has no row, so longer sequences are
/// refused.
public final class LearnedPositions extends EmbeddingPosition {
    private final Tensor weight; // (context, C)

    /// The table holds zeros until a model initialises it.
    ///
    /// @throws gradus.error.ConfigException if a size is below 1
    public LearnedPositions(int context, int dim) {
        require(context >= 1, "LearnedPositions: context must be at least 1; got %d", context);
        require(dim >= 1, "LearnedPositions: dim must be at least 1; got %d", dim);
        this.weight = param("weight", WeightKind.TABLE, Tensor.lazy(() -> Tensor.zeros(context, dim), context, dim));
    }

    /// @throws gradus.error.ConfigException if the sequence reaches beyond the end of the table
    @Override
    public Tensor embed(Tensor x, int first) {
        int time = x.dim(1);
        require(
                first >= 0 && first + (long) time <= weight.dim(0),
                "LearnedPositions: positions %d to %d are outside the table, which has %d rows; shorten the sequence or"
                        + " train with a longer context",
                first,
                first + (long) time - 1,
                weight.dim(0));
        return x.add(weight.slice(0, first, first + time)); // (B, T, C)
    }

    /// @throws gradus.error.ShapeException if a position is outside the table
    @Override
    public Tensor embed(Tensor x, Indices positions) {
        return x.add(weight.embedding(positions)); // (B, T, C)
    }
}
