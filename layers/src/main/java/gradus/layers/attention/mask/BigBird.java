package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.random.Rng;

/// BigBird: in blocks of b tokens, a block sees itself and its two neighbours, the first and the last
/// block, and r random others; the first and the last block see everything and everyone sees them. Both
/// ways, for encoders. Zaheer et al. 2020, arXiv:2007.14062.
///
/// A token sees at most `(5 + r)·b` keys, and the random ones make every pair few hops apart. Which blocks
/// are random depends on the generator and the number of blocks alone: the same in every head and at every
/// step. With at most `4 + r` blocks all see all. A decoder can use `bigBird.and(KeyMask.causal())`, which
/// keeps of the random blocks those that lie before.
///
/// @param block  b, a divisor of the length
/// @param random r
/// @param rng    which blocks those are
public record BigBird(int block, int random, Rng rng) implements KeyMask {
    /// @throws gradus.error.ConfigException if the block is not positive or r negative
    public BigBird {
        require(block >= 1, "BigBird: block must be at least 1; got %d", block);
        require(random >= 0, "BigBird: random must be at least 0; got %d", random);
        require(rng != null, "BigBird: a generator must be given; got null");
    }

    /// @throws gradus.error.ConfigException if the block does not divide the length, or queries and keys
    ///     differ in number
    @Override
    public void see(Query query) {
        int keys = query.keys();
        require(
                keys % block == 0 && keys == query.queries(),
                "BigBird: queries and keys must be equally many, a multiple of block; got %d and %d, block=%d",
                query.queries(),
                keys,
                block);
        int blocks = keys / block;
        boolean[] seen = seen(query.index() / block, blocks);
        for (int i = 0; i < blocks; i++) {
            if (seen[i]) {
                query.sees(i * block, i * block + block);
            }
        }
    }

    private boolean[] seen(int own, int blocks) {
        boolean[] seen = new boolean[blocks];
        int left = blocks;
        for (int i = 0; i < blocks; i++) {
            boolean global = own == 0 || own == blocks - 1 || i == 0 || i == blocks - 1;
            seen[i] = global || Math.abs(i - own) <= 1;
            left -= seen[i] ? 1 : 0;
        }
        Rng draws = rng.at(own);
        for (int drawn = 0; drawn < random && left > 0; drawn++, left--) {
            int skip = draws.index(drawn, left); // this many unseen blocks stand before the one drawn
            int at = 0;
            while (seen[at] || skip-- > 0) {
                at++;
            }
            seen[at] = true;
        }
        return seen;
    }
}
