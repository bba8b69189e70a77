package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// The fixed pattern of the Sparse Transformer: i sees its own block of l up to itself, and of every
/// earlier block the last c places, which sum the block up for all that comes later: `j ≤ i` and (`⌊i/l⌋ =
/// ⌊j/l⌋` or `j mod l ≥ l - c`). Child et al. 2019, arXiv:1904.10509, section 4.2; the paper uses l of 128
/// or 256, c of 8 to 32.
///
/// A query sees up to `l + c·T/l` keys. With `l ≥ T` or `c = l` it is plain causal attention.
/// [FixedSparseHeads] gives every head places of its own. The places of a block are too few for tiles of this
/// mask to be cheaper than causal ones: [gradus.layers.attention.FixedSparseAttention] is the layer whose
/// cost follows the pattern.
///
/// @param block   l
/// @param columns c, at most l
public record FixedSparse(int block, int columns) implements KeyMask {
    /// @throws gradus.error.ConfigException if not `1 ≤ c ≤ l`
    public FixedSparse {
        require(
                columns >= 1 && columns <= block,
                "FixedSparse: columns must be in 1..block; got columns=%d, block=%d",
                columns,
                block);
    }

    @Override
    public void see(Query query) {
        see(query, block, columns, 0);
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    /// Lets a query see its own block and, of each earlier one, c places that end so many places before its
    /// end.
    static void see(Query query, int block, int columns, int before) {
        int last = query.position();
        int own = last - Math.floorMod(last, block);
        for (int start = 0; start < own; start += block) {
            int end = start + block - before;
            query.sees(end - columns, end);
        }
        query.sees(Math.max(0, own), last + 1);
    }
}
