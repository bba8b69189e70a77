package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Checkpointed;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.cache.ContiguousKvCache;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.attention.cache.PackedDocuments;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// A model that predicts the next token from the tokens before it.
///
/// It has three parts, which a model of your own defines: [#embed] computes vectors from token ids, [#states]
/// passes them through the blocks, [#logits] gives every token of the vocabulary a score. The methods that
/// training and generation call are written here, in terms of these three:
///
/// `forward(ids) = logits(states(embed(ids)))`
///
/// ```java
/// final class Small extends LanguageModel {
///     private final Embedding tokens;
///
///     Small(int vocabSize, int context, int dim, Rng rng) {
///         super(vocabSize, context);
///         tokens = child("tokens", new Embedding(vocabSize, dim, rng.at("tokens")));
///         block("block", new MyBlock(dim, rng.at("block")));
///     }
///
///     @Override
///     public Tensor embed(Indices ids, KvCaches caches) {
///         return tokens.forward(ids);
///     }
///
///     @Override
///     public Tensor states(Tensor x, KvCaches caches) {
///         return blocks(x, caches);
///     }
///
///     @Override
///     public Tensor logits(Tensor states) {
///         return states.linear(tokens.head(), null);
///     }
/// }
/// ```
///
/// **Threads.** In evaluation mode any number of threads may use one model at the same time, each with caches
/// of its own; a model that is being trained belongs to its trainer.
public abstract class LanguageModel extends Layer {
    private final int vocabSize;
    private final int context;
    private final List<Block> blocks = new ArrayList<>();
    private boolean checkpointing;

    /// @param vocabSize V, how many tokens there are
    /// @param context   the longest sequence the model takes
    /// @throws gradus.error.ConfigException if a number is below 1
    protected LanguageModel(int vocabSize, int context) {
        require(vocabSize >= 1, "vocabSize must be at least 1; got %d", vocabSize);
        require(context >= 1, "context must be at least 1; got %d", context);
        this.vocabSize = vocabSize;
        this.context = context;
    }

    /// V, how many tokens there are.
    public final int vocabSize() {
        return vocabSize;
    }

    /// The longest sequence the model takes.
    public final int context() {
        return context;
    }

    /// C, the channels of the states, for a head of one's own: found by letting the model read one token.
    public final int channels() {
        boolean training = training();
        eval();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return hiddenStates(Indices.of(Shape.of(1, 1), new int[1])).dim(-1);
        } finally {
            if (training) {
                train();
            }
        }
    }

    // --- the three parts

    /// The input of the first block: the embeddings of the tokens, with positions where these are added.
    ///
    /// **Shapes** ids (B, T) → (B, T, C)
    ///
    /// @param caches hold the tokens before these; [KvCaches#length] is their number
    public abstract Tensor embed(Indices ids, KvCaches caches);

    /// The result of all blocks, and of the last norm where the model has one: Hugging Face's
    /// `last_hidden_state`.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @param caches to be passed on to the blocks, as [#blocks] does
    public abstract Tensor states(Tensor x, KvCaches caches);

    /// The score of each token of the vocabulary.
    ///
    /// **Shapes** states (..., C) → (..., V)
    public abstract Tensor logits(Tensor states);

    // --- what training and generation call

    /// For every position, the logits of the token that follows it.
    ///
    /// **Shapes** ids (B, T) → (B, T, V)
    ///
    /// @throws gradus.error.ConfigException if T is above [#context]
    /// @throws gradus.error.ShapeException  if an id is outside 0 … V-1
    public final Tensor forward(Indices ids) {
        return hooked(logits(hiddenStates(ids))); // (B, T, V)
    }

    /// The same for sequences whose earlier tokens are in [#caches]; the new tokens are added to the caches. So
    /// a few tokens are read at once, as speculative decoding does.
    ///
    /// **Shapes** ids (B, T) → (B, T, V)
    ///
    /// @throws gradus.error.ConfigException if there is no room, or this model is not [#cacheable]
    public final Tensor forward(Indices ids, KvCaches caches) {
        return hooked(logits(hiddenStates(ids, caches))); // (B, T, V)
    }

    /// The same for rows that hold several documents, each of which is computed as if it were alone.
    ///
    /// **Shapes** ids (B, T) → (B, T, V)
    ///
    /// @throws gradus.error.ConfigException if the ids are other rows, if something stands before the first
    ///     token, or if this model is not [#packable]
    public final Tensor forward(Indices ids, PackedDocuments documents) {
        requireFits(ids, KvCaches.none());
        documents.requireFits(ids.shape().dim(0), ids.shape().dim(1));
        require(
                packable(),
                "%s: %s, so documents cannot share a row; give each its own",
                getClass().getSimpleName(),
                virtualTokens() > 0
                        ? "its virtual tokens stand before every document"
                        : cacheable()
                                ? "positions are counted from the first place of a row"
                                : "what a token sees depends on what follows it");
        KvCaches rows = KvCaches.packed(blocks.size(), documents);
        return hooked(logits(states(embed(ids, rows), rows))); // (B, T, V)
    }

    /// Whether rows may hold several documents: not if what a token sees depends on what follows it, not if
    /// positions are counted from the first place of a row, and not if a soft prompt stands before every
    /// document.
    public boolean packable() {
        return cacheable() && virtualTokens() == 0;
    }

    /// The states of every position, for a head other than [#logits], such as a classifier.
    ///
    /// **Shapes** ids (B, T) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if T is above [#context]
    /// @throws gradus.error.ShapeException  if an id is outside 0 … V-1
    public final Tensor hiddenStates(Indices ids) {
        return hiddenStates(ids, KvCaches.none()); // (B, T, C)
    }

    private Tensor hiddenStates(Indices ids, KvCaches caches) {
        requireFits(ids, caches);
        KvCaches begun = begin(caches, ids.shape().dim(0));
        Tensor states = states(embed(ids, begun), begun); // (B, T, C)
        if (begun != caches) {
            begun.clear();
        }
        return states;
    }

    /// The logits of the token that follows the last position. Generation needs only these.
    ///
    /// **Shapes** ids (B, T) → (B, V)
    public final Tensor lastLogits(Indices ids) {
        return lastLogits(ids, KvCaches.none()); // (B, V)
    }

    /// The same for sequences whose earlier tokens are in [#caches]; the new tokens are added to the caches.
    /// So the next token costs the work of one position, instead of that of the whole sequence.
    ///
    /// **Shapes** ids (B, T) → (B, V)
    ///
    /// @throws gradus.error.ConfigException if there is no room, or this model is not [#cacheable]
    public final Tensor lastLogits(Indices ids, KvCaches caches) {
        Tensor states = hiddenStates(ids, caches); // (B, T, C)
        return hooked(logits(states.select(1, states.dim(1) - 1))); // (B, V)
    }

    /// Throws if the ids are not a batch of sequences, or if they and the earlier tokens do not fit in the
    /// context.
    private void requireFits(Indices ids, KvCaches caches) {
        String name = getClass().getSimpleName();
        require(ids.shape().rank() == 2, "%s: ids must be (B, T); got %s", name, ids.shape());
        int room = room(caches);
        int time = context - room + ids.shape().dim(1);
        require(
                time <= context || virtualTokens() > 0,
                "%s: a sequence of %d tokens is longer than the context of %d; shorten it or train with a longer one",
                name,
                time,
                context);
        require(
                time <= context,
                "%s: %d virtual tokens and a sequence of %d are longer than the context of %d; shorten one of them",
                name,
                virtualTokens(),
                time,
                virtualTokens() + context);
    }

    /// How many more tokens fit in the context behind those in caches.
    public final int room(KvCaches caches) {
        return context - tokensIn(caches);
    }

    /// How many tokens caches hold, without what stands before the first.
    public final int tokensIn(KvCaches caches) {
        return Math.max(0, caches.length() - virtualTokens());
    }

    // --- what stands before the first token

    /// How many positions stand before the first token, as a soft prompt does; usually none. [#context] counts
    /// tokens only.
    public int virtualTokens() {
        return 0;
    }

    /// Called before every pass, so that a model may let its caches begin with something else than tokens.
    ///
    /// @param caches of earlier tokens, or [KvCaches#none]
    /// @param batch  B, how many sequences there are
    /// @return the caches, or others for this pass alone, which are cleared after it
    protected KvCaches begin(KvCaches caches, int batch) {
        return caches;
    }

    // --- blocks

    /// Registers the next block under a name, and returns it.
    protected final <B extends Block> B block(String name, B block) {
        blocks.add(child(name, block));
        return block;
    }

    /// All blocks, one after the other.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    protected final Tensor blocks(Tensor x, KvCaches caches) {
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            KvCache cache = caches.isNone() ? null : caches.get(i);
            Transform forward = cache == null ? block : rows -> block.forward(rows, cache);
            boolean again = checkpointing && training() && (cache == null || caches.arePacked());
            x = again ? Checkpointed.apply(block, forward, x) : forward.forward(x); // (B, T, C)
        }
        return x;
    }

    /// Gradient checkpointing in training: whether each block's activations are recomputed in the backward pass
    /// instead of being kept, see [Checkpointed]. Less memory for a third more work; the numbers are the same,
    /// bit for bit.
    ///
    /// In a checkpointed model, a block that adds a loss of its own, as a mixture of experts may, throws in
    /// its forward pass.
    public final void checkpointing(boolean on) {
        checkpointing = on;
    }

    // --- caches

    /// Empty caches for this model.
    ///
    /// @param paddings how many places of padding each sequence has on its left, so that all end together;
    ///                 none where they are equally long
    /// @throws gradus.error.ConfigException if this model is not [#cacheable], or takes no padding
    public final KvCaches caches(int... paddings) {
        String name = getClass().getSimpleName();
        require(
                cacheable(),
                "%s: keys and values of earlier tokens change when further tokens follow, so nothing can be cached",
                name);
        KvCaches caches = newCaches(paddings);
        require(
                supportsLeftPadding() || !caches.padded(),
                "%s: positions count from the first place of the cache, so sequences cannot be padded on the left",
                name);
        return caches;
    }

    /// Empty caches for all blocks; a model that has its blocks from another asks that one.
    protected KvCaches newCaches(int... paddings) {
        return new KvCaches(blocks.size(), this::newCache, paddings);
    }

    /// An empty cache for one block.
    protected KvCache newCache() {
        return new ContiguousKvCache(context);
    }

    /// Whether generation can go token by token with caches of keys and values. It cannot if the keys and
    /// values of earlier tokens change when later tokens follow: because earlier tokens attend to later ones,
    /// are reordered, or are rotated by angles that depend on the length of the sequence.
    public boolean cacheable() {
        return !blocks.isEmpty() && blocks.stream().allMatch(Block::cacheable);
    }

    /// Whether sequences in a cache may be padded on the left, so that sequences of unequal length end
    /// together. They may not if positions are counted from the first place of the cache.
    public boolean supportsLeftPadding() {
        return false;
    }
}
