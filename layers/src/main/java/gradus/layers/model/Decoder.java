package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.norm.Norm;
import gradus.layers.position.EmbeddingPosition;
import gradus.layers.position.NoPosition;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// What [Gpt] and [RmsDecoder] share: a token table, positions, L blocks, a last norm, and a head that is the
/// token table again or a matrix of its own:
///
/// `logits = norm(block_L(…block₁(W_E[id] + P(t))))·W_Hᵀ`
///
/// A decoder of your own registers its parts in its constructor, in the order in which they are to be listed,
/// each under the name that its weights files have:
/// ```java
/// final class Tiny extends Decoder {
///     Tiny(int vocabSize, int context, int dim, Rng rng) {
///         super(vocabSize, context);
///         tokens("wte", new Embedding(vocabSize, dim, rng.at("wte")));
///         position("wpe", new LearnedPositions(context, dim));
///         block("h.0", new MyBlock(dim, rng.at("h.0")));
///         norm("ln_f", new LayerNorm(dim, 1e-5));
///         InitialWeights.small(dim, 1).start(this, rng);
///     }
/// }
/// ```
public abstract class Decoder extends LanguageModel {
    private Embedding tokens; // (V, C)
    private Position position = new NoPosition();
    private Dropout dropout; // or null
    private Norm norm; // or null
    private Linear head; // (..., C) → (..., V), or null where the token table is the head

    /// @param vocabSize V, how many tokens there are
    /// @param context   the longest sequence the model takes
    /// @throws gradus.error.ConfigException if a number is below 1
    protected Decoder(int vocabSize, int context) {
        super(vocabSize, context);
    }

    // --- registering the parts

    /// The token table, (V, C).
    protected final void tokens(String name, Embedding tokens) {
        this.tokens = child(name, tokens);
    }

    /// The position by which the model learns where a token stands; without this call, the model has none.
    /// Blocks get the position through their own constructors.
    protected final void position(String name, Position position) {
        this.position = child(name, position);
    }

    /// Dropout on the embeddings; without this call, there is none.
    protected final void dropout(String name, Dropout dropout) {
        this.dropout = child(name, dropout);
    }

    /// The norm after the last block; without this call, there is none.
    protected final void norm(String name, Norm norm) {
        this.norm = child(name, norm);
    }

    /// The head; without this call, the token table is also the head.
    ///
    /// @param head (..., C) → (..., V)
    protected final void head(String name, Linear head) {
        this.head = child(name, head);
    }

    // --- what it computes

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        require(tokens != null, "%s: no token table; call tokens(name, embedding) in the constructor", name());
        Tensor x = tokens.forward(ids); // (B, T, C)
        if (position instanceof EmbeddingPosition added) {
            int time = ids.shape().dim(1);
            x = caches.padded() ? added.embed(x, caches.positions(time)) : added.embed(x, caches.length());
        }
        return dropout == null ? x : dropout.forward(x); // (B, T, C)
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        Tensor states = blocks(x, caches); // (B, T, C)
        return norm == null ? states : norm.forward(states); // (B, T, C)
    }

    @Override
    public Tensor logits(Tensor states) {
        return head == null ? states.linear(tokens.head(), null) : head.forward(states); // (..., V)
    }

    @Override
    public boolean cacheable() {
        return !position.dependsOnLength() && super.cacheable();
    }

    @Override
    public boolean supportsLeftPadding() {
        return cacheable() && position.supportsLeftPadding();
    }

    @Override
    public boolean packable() {
        return super.packable() && position.supportsLeftPadding();
    }

    private String name() {
        return getClass().getSimpleName();
    }
}
