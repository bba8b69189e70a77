package gradus.layers.model;

import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.attention.MultiQueryAttention;
import gradus.layers.attention.SelfAttention;
import gradus.tensor.Rng;

/// The kinds of attention that a [GptConfig] can name.
public final class Attentions {
    private Attentions() {}

    /// [MultiHeadAttention]: each query head has its own keys and values.
    public record MultiHead() implements AttentionChoice {
        @Override
        public SelfAttention create(AttentionConfig plain, Rng rng) {
            return new MultiHeadAttention(plain, rng);
        }
    }

    /// [MultiQueryAttention]: all query heads share one head of keys and values.
    public record MultiQuery() implements AttentionChoice {
        @Override
        public SelfAttention create(AttentionConfig plain, Rng rng) {
            return new MultiQueryAttention(plain, rng);
        }
    }

    /// [GroupedQueryAttention]: query heads share keys and values in groups.
    ///
    /// @param kvHeads K, a divisor of the heads
    public record GroupedQuery(int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(AttentionConfig plain, Rng rng) {
            return new GroupedQueryAttention(plain.withKvHeads(kvHeads), rng);
        }
    }
}
