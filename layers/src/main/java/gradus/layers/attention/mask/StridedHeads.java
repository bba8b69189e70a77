package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// The strided pattern of the Sparse Transformer, factorised over heads: the first half of the heads sees
/// the last l keys, the second half every l-th, `j ≤ i` and `(i - j) mod l = 0`. Child et al. 2019,
/// arXiv:1904.10509, section 4.2. Of an odd number of heads the larger half is local.
///
/// [gradus.layers.attention.StridedSparseAttention] computes the same at a cost that follows the pattern;
/// this mask is its definition.
///
/// @param stride l
public record StridedHeads(int stride) implements KeyMask {
    /// @throws gradus.error.ConfigException if the stride is not positive
    public StridedHeads {
        require(stride >= 1, "StridedHeads: stride must be at least 1; got %d", stride);
    }

    @Override
    public void see(Query query) {
        int last = query.position();
        if (query.head() < (query.heads() + 1) / 2) {
            query.sees(Math.max(0, last - stride + 1), last + 1);
            return;
        }
        for (int key = Math.floorMod(last, stride); key <= last; key += stride) {
            query.sees(key);
        }
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    @Override
    public boolean byHead() {
        return true;
    }
}
