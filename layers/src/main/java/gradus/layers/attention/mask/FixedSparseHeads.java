package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// [FixedSparse] with places of its own for each head: of every earlier block of l, head h sees the c
/// places that end `h·c` before the block's end, so that several heads together see more of a block. When
/// the block is used up, the count begins again at its end. Child et al. 2019, arXiv:1904.10509, section
/// 4.2, which found distinct places better than the same for all heads.
///
/// @param block   l
/// @param columns c, a divisor of l
public record FixedSparseHeads(int block, int columns) implements KeyMask {
    /// @throws gradus.error.ConfigException if c does not divide l
    public FixedSparseHeads {
        require(
                columns >= 1 && block >= 1 && block % columns == 0,
                "FixedSparseHeads: columns must divide block; got columns=%d, block=%d",
                columns,
                block);
    }

    @Override
    public void see(Query query) {
        FixedSparse.see(query, block, columns, query.head() % (block / columns) * columns);
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
