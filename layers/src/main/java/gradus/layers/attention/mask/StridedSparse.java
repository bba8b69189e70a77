package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// The strided pattern of the Sparse Transformer, merged into one head: i sees its last l keys, and before
/// them every l-th, `j ≤ i` and (`i - j < l` or `(i - j) mod l = 0`). Child et al. 2019, arXiv:1904.10509,
/// section 4.2.
///
/// Any earlier key is two hops away: a step of multiples of l, then one within the last l. With l near √T a
/// query sees `2·√T` keys instead of T. For data with a period, as rows of an image; text does better with
/// [FixedSparse].
///
/// The strided keys of neighbouring queries lie everywhere, so tiles of this mask are no cheaper than
/// causal ones: [gradus.layers.attention.StridedSparseAttention] is the layer whose cost follows the pattern.
///
/// @param stride l
public record StridedSparse(int stride) implements KeyMask {
    /// @throws gradus.error.ConfigException if the stride is not positive
    public StridedSparse {
        require(stride >= 1, "StridedSparse: stride must be at least 1; got %d", stride);
    }

    @Override
    public void see(Query query) {
        int last = query.position();
        int local = Math.max(0, last - stride + 1);
        for (int key = Math.floorMod(last, stride); key < local; key += stride) {
            query.sees(key);
        }
        query.sees(local, last + 1);
    }

    @Override
    public boolean cacheable() {
        return true;
    }
}
