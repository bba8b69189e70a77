package gradus.layers.position;

import static gradus.error.ConfigException.require;

/// How T5 sorts distances into buckets: each small distance has a bucket of its own, larger distances share
/// buckets of logarithmic width, and all from maxDistance on are in the last bucket. With n the distance
/// backwards and e = N/2: `bucket = n` for n < e, else `e + ⌊ln(n/e)/ln(maxDistance/e)·(N - e)⌋`, but
/// never above N - 1. An encoder has N = count/2 buckets for each direction; the buckets of later keys come
/// after those of earlier keys. A decoder has N = count, since its queries see no later keys.
///
/// @param count         how many buckets there are in all
/// @param maxDistance   the distance that reaches the last bucket
/// @param bidirectional whether keys ahead have buckets of their own
public record T5Buckets(int count, int maxDistance, boolean bidirectional) {

    /// @throws gradus.error.ConfigException if there are too few buckets or the distance does not reach
    ///     beyond them
    public T5Buckets {
        int least = bidirectional ? 4 : 2;
        require(
                count >= least && count % least == 0,
                "T5Buckets: count must be a multiple of %d; got %d",
                least,
                count);
        require(
                maxDistance > count / least,
                "T5Buckets: maxDistance must be above %d, the distances with buckets of their own; got %d",
                count / least,
                maxDistance);
    }

    /// Of T5's decoders: 32 buckets up to a distance of 128.
    public static T5Buckets causal() {
        return new T5Buckets(32, 128, false);
    }

    /// Of T5's encoders: 32 buckets up to a distance of 128, half of them for keys ahead.
    public static T5Buckets encoder() {
        return new T5Buckets(32, 128, true);
    }

    /// The bucket of a key at a distance after its query; a negative distance means before it.
    public int bucket(int ahead) {
        int own = bidirectional ? count / 2 : count;
        int base = bidirectional && ahead > 0 ? own : 0;
        int n = bidirectional ? Math.abs(ahead) : Math.max(-ahead, 0);
        int exact = own / 2;
        if (n < exact) {
            return base + n;
        }
        // In double: at the edges, such as 16, 32 and 64, the quotient is a whole number that float may miss.
        double octaves = Math.log((double) n / exact) / Math.log((double) maxDistance / exact);
        return base + Math.min(exact + (int) (octaves * (own - exact)), own - 1);
    }
}
