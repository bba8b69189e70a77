package gradus.tensor.kernel;

/// Which keys each query may see, as one contiguous range for each query. The cost of attention follows the ranges.
/// A query with an empty range gets an output of zeros.
public interface KeyMask {

    /// The first key that a query may see.
    int from(int query, int queries, int keys);

    /// The key after the last one that a query may see.
    int to(int query, int queries, int keys);

    /// Every query sees every key, as in an encoder.
    static KeyMask full() {
        return Full.INSTANCE;
    }

    /// A query sees itself and what came before. With more keys than queries (a cache) the last query is the last key:
    /// query i sees keys up to `i + keys - queries`.
    static KeyMask causal() {
        return Causal.INSTANCE;
    }

    /// The mask of an encoder.
    enum Full implements KeyMask {
        INSTANCE;

        @Override
        public int from(int query, int queries, int keys) {
            return 0;
        }

        @Override
        public int to(int query, int queries, int keys) {
            return keys;
        }
    }

    /// The mask of a decoder.
    enum Causal implements KeyMask {
        INSTANCE;

        @Override
        public int from(int query, int queries, int keys) {
            return 0;
        }

        @Override
        public int to(int query, int queries, int keys) {
            return Math.clamp(query + 1L + keys - queries, 0, keys);
        }
    }
}
