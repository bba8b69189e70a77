package gradus.tensor.mask;

import gradus.tensor.type.Shape;

/// Which keys each query may see, as ranges of keys. The cost of attention follows the ranges. A query that
/// sees nothing gets an output of zeros.
///
/// ```java
/// KeyMask window = query -> query.sees(Math.max(0, query.position() - 255), query.position() + 1);
/// ```
/// A mask is read once before each attention, for every query; for every head or sequence only if it says
/// that they differ. One that lets no query look at what follows it serves generation with a cache too, if it
/// says so: `KeyMask.cacheable(window)`.
@FunctionalInterface
public interface KeyMask {

    /// Tells the keys that a query sees by calling [Query#sees], from left to right.
    void see(Query query);

    /// Whether the answer depends on [Query#sequence].
    default boolean bySequence() {
        return false;
    }

    /// Whether the answer depends on [Query#head].
    default boolean byHead() {
        return false;
    }

    /// Whether what a query sees stays the same whatever keys follow its own. Only then can attention go step by
    /// step with a cache.
    default boolean cacheable() {
        return false;
    }

    /// The same mask with the promise that it is [#cacheable]: no query sees a key after its own, nor asks
    /// how many [keys][Query#keys] or [queries][Query#queries] there are.
    static KeyMask cacheable(KeyMask mask) {
        return new CacheableMask(mask);
    }

    /// Whether each query sees each key, for looking and for attention in the open; the kernels never ask.
    ///
    /// **Shapes** (B, H, T, S), the result in row-major order
    ///
    /// @throws gradus.error.ShapeException if the mask gives keys that do not exist
    default boolean[] dense(Shape shape) {
        return KeyRanges.of(this, shape.dim(0), shape.dim(1), shape.dim(2), shape.dim(3))
                .dense(shape);
    }

    /// What both masks let a query see.
    default KeyMask and(KeyMask other) {
        return new BothMasks(this, other);
    }

    /// Every query sees every key, as in an encoder.
    static KeyMask full() {
        return Full.INSTANCE;
    }

    /// A query sees itself and what came before. With more keys than queries (a cache) the last query is
    /// the last key: query i sees keys up to `i + keys - queries`.
    static KeyMask causal() {
        return Causal.INSTANCE;
    }

    /// The mask of an encoder.
    enum Full implements KeyMask {
        INSTANCE;

        @Override
        public void see(Query query) {
            query.sees(0, query.keys());
        }
    }

    /// The mask of a decoder.
    enum Causal implements KeyMask {
        INSTANCE;

        @Override
        public void see(Query query) {
            query.sees(0, query.position() + 1);
        }

        @Override
        public boolean cacheable() {
            return true;
        }
    }
}
