package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Checkpointed;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.ContiguousKvCache;
import gradus.layers.attention.KvCache;
import gradus.layers.attention.KvCaches;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;

/// A model that predicts the next token from those before it: what training and generation ask of one.
///
/// **Threads.** In evaluation any number of threads may use one model at the same time, each with caches of
/// its own; a model that is being trained belongs to its trainer.
public abstract class LanguageModel extends Layer {
    private boolean checkpointing;

    /// Gradient checkpointing in training: whether each block's activations are computed again in the backward
    /// instead of being kept, see [Checkpointed]. Less memory for a third more work; the numbers are the same,
    /// bit for bit.
    ///
    /// Blocks that add losses of their own, as a mixture of experts may, throw in their forward then.
    public final void checkpointing(boolean on) {
        checkpointing = on;
    }

    /// A block's forward, its activations kept or computed again as [#checkpointing] says.
    final Tensor pass(Layer block, Transform forward, Tensor x) {
        return checkpointing && training() ? Checkpointed.apply(block, forward, x) : forward.forward(x);
    }

    /// V, how many tokens there are.
    public abstract int vocabSize();

    /// The longest sequence it sees.
    public abstract int context();

    /// For every position the logits of the token that follows.
    ///
    /// **Shapes** ids (B, T) → (B, T, V)
    ///
    /// @throws gradus.error.ConfigException if T is above [#context]
    /// @throws gradus.error.ShapeException  if an id is outside 0 … V-1
    public abstract Tensor forward(Indices ids);

    /// The logits of the token that follows the last position only, as generation needs them.
    ///
    /// **Shapes** ids (B, T) → (B, V)
    public abstract Tensor lastLogits(Indices ids);

    /// The same for sequences whose earlier tokens are in [#caches], which take these in: what a further
    /// token costs then is one position, and not the whole sequence again.
    ///
    /// **Shapes** ids (B, T) → (B, V)
    ///
    /// @throws gradus.error.ConfigException if there is no room, or this model cannot go step by step
    public abstract Tensor lastLogits(Indices ids, KvCaches caches);

    /// Refuses what is no batch of sequences, or runs past the context behind so many earlier tokens.
    final void requireFits(Indices ids, int earlier) {
        String name = getClass().getSimpleName();
        require(ids.shape().rank() == 2, "%s: ids must be (B, T); got %s", name, ids.shape());
        int time = earlier + ids.shape().dim(1);
        require(
                time <= context(),
                "%s: a sequence of %d tokens is longer than the context of %d; shorten it or train with a longer one",
                name,
                time,
                context());
    }

    /// Empty caches for this model.
    ///
    /// @param paddings how many places of padding stand before each sequence, so that all end together; none
    ///                 where they are equally long
    /// @throws gradus.error.ConfigException if this model cannot go step by step, or not behind padding
    public final KvCaches caches(int... paddings) {
        String name = getClass().getSimpleName();
        require(
                worksWithCache(),
                "%s: what an earlier token gives changes with later ones; nothing can be cached",
                name);
        KvCaches caches = new KvCaches(blockCount(), this::newCache, paddings);
        require(
                worksBehindPadding() || !caches.padded(),
                "%s: tokens are told by their places; sequences cannot stand behind padding",
                name);
        return caches;
    }

    /// An empty cache for one block.
    KvCache newCache() {
        return new ContiguousKvCache(context());
    }

    /// L, how many blocks there are.
    abstract int blockCount();

    /// Whether [#lastLogits(Indices, KvCaches)] is there. It is unless what earlier tokens give changes with
    /// later ones: because they look at them, change places with them, or turn by the length of the whole.
    public abstract boolean worksWithCache();

    /// Whether sequences in a cache may stand behind padding.
    public abstract boolean worksBehindPadding();
}
