package gradus.layers.model.config;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.FixedSparseAttention;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.attention.MultiQueryAttention;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.StridedSparseAttention;
import gradus.layers.attention.mask.FixedSparse;
import gradus.layers.attention.mask.StridedHeads;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.random.Rng;

/// The kinds of attention that a [GptConfig] can name.
public final class Attentions {
    private Attentions() {}

    /// [MultiHeadAttention]: each query head has its own keys and values.
    public record MultiHead() implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            return new MultiHeadAttention(plain, rng);
        }
    }

    /// [MultiQueryAttention]: all query heads share one head of keys and values.
    public record MultiQuery() implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            return new MultiQueryAttention(plain, rng);
        }
    }

    /// [GroupedQueryAttention]: query heads share keys and values in groups.
    ///
    /// @param kvHeads K, a divisor of the heads
    /// @param qkNorm  whether queries and keys are normalised, as in Qwen3
    /// @param qkvBias whether the projections of queries, keys and values add a bias, as in Qwen2
    public record GroupedQuery(int kvHeads, boolean qkNorm, boolean qkvBias) implements AttentionChoice {

        /// As in Llama, without either.
        public GroupedQuery(int kvHeads) {
            this(kvHeads, false, false);
        }

        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            return new GroupedQueryAttention(
                    plain.withKvHeads(kvHeads).withQkNorm(qkNorm).withBias(qkvBias), rng);
        }
    }

    /// [GroupedQueryAttention] under a [gradus.layers.attention.mask.SlidingWindow].
    ///
    /// @param window  W, how many keys a query sees, its own included
    /// @param kvHeads K; 0 for as many as there are heads
    public record SlidingWindow(int window, int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            return masked(plain, kvHeads, new gradus.layers.attention.mask.SlidingWindow(window), rng);
        }
    }

    /// [StridedSparseAttention]: half of the heads sees what is near, half every stride-th key. With
    /// positions that it does not take, the same pattern as a mask, [StridedHeads], at the cost of a causal
    /// one.
    ///
    /// @param stride l, near √T
    public record Strided(int stride) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            return StridedSparseAttention.takes(plain.position())
                    ? new StridedSparseAttention(plain, stride, rng)
                    : masked(plain, 0, new StridedHeads(stride), rng);
        }
    }

    /// [FixedSparseAttention]; with fewer heads of keys, or positions that it does not take, the same pattern
    /// as a mask on [GroupedQueryAttention], at the cost of a causal one.
    ///
    /// @param block   l
    /// @param columns c, at most l
    /// @param kvHeads K; 0 for as many as there are heads
    public record Fixed(int block, int columns, int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            FixedSparse pattern = new FixedSparse(block, columns);
            boolean whole = kvHeads == 0 || kvHeads == plain.heads();
            return whole && FixedSparseAttention.takes(plain.position())
                    ? new FixedSparseAttention(plain, pattern, rng)
                    : masked(plain, kvHeads, pattern, rng);
        }
    }

    /// [GroupedQueryAttention] under a [gradus.layers.attention.mask.BigBird] mask without what lies ahead.
    /// Sequences that the block does not divide are seen whole.
    ///
    /// @param block   b, a divisor of the context
    /// @param random  r, random blocks
    /// @param kvHeads K; 0 for as many as there are heads
    public record BigBird(int block, int random, int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            requireDivisor("BigBird: block", block, model);
            KeyMask mask = new gradus.layers.attention.mask.BigBird(block, random, rng.at("blocks"));
            return masked(plain, kvHeads, new InWholeBlocks(mask.and(KeyMask.causal()), block), rng);
        }
    }

    /// [GroupedQueryAttention] under a [gradus.layers.attention.mask.Longformer] mask without what lies
    /// ahead; the first position is global.
    ///
    /// @param window  w, how many keys before its own a query sees
    /// @param kvHeads K; 0 for as many as there are heads
    public record Longformer(int window, int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            KeyMask mask = new gradus.layers.attention.mask.Longformer(window, 0);
            return masked(plain, kvHeads, mask.and(KeyMask.causal()), rng);
        }
    }

    /// [GroupedQueryAttention] under a [gradus.layers.attention.mask.ShiftedSparse] mask. Sequences that the
    /// group does not divide are seen whole.
    ///
    /// @param group   G, a divisor of the context
    /// @param kvHeads K; 0 for as many as there are heads
    public record ShiftedSparse(int group, int kvHeads) implements AttentionChoice {
        @Override
        public SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng) {
            requireDivisor("ShiftedSparse: group", group, model);
            KeyMask mask = new gradus.layers.attention.mask.ShiftedSparse(group);
            return masked(plain, kvHeads, new InWholeBlocks(mask, group), rng);
        }
    }

    private static SelfAttention masked(AttentionConfig plain, int kvHeads, KeyMask mask, Rng rng) {
        int own = kvHeads == 0 ? plain.heads() : kvHeads;
        return new GroupedQueryAttention(plain.withKvHeads(own).withMask(mask), rng);
    }

    private static void requireDivisor(String what, int block, GptConfig model) {
        require(block >= 1, "%s must be at least 1; got %d", what, block);
        require(
                model.context() % block == 0,
                "%s must divide the context; got %d, context=%d",
                what,
                block,
                model.context());
    }

    /// A mask by blocks, for sequences that are whole blocks; others, as a prompt may be, are seen up to each
    /// query.
    private record InWholeBlocks(KeyMask mask, int block) implements KeyMask {
        @Override
        public void see(Query query) {
            (query.keys() % block == 0 ? mask : KeyMask.causal()).see(query);
        }

        @Override
        public boolean byHead() {
            return mask.byHead();
        }
    }
}
