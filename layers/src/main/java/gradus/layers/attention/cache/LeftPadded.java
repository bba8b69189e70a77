package gradus.layers.attention.cache;

import static gradus.error.ShapeException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// A mask for sequences behind padding: what it says of a sequence that begins at its first token, moved to
/// where the sequence stands. Padding sees nothing and is not seen.
///
/// @param paddings how many places stand before each sequence
record LeftPadded(KeyMask mask, int[] paddings) implements KeyMask {

    @Override
    public void see(Query query) {
        require(
                query.batch() == paddings.length,
                "KvCache: the paddings are for %d sequences; got %d",
                paddings.length,
                query.batch());
        int padding = paddings[query.sequence()];
        if (query.position() >= padding) {
            query.seesFrom(padding, mask);
        }
    }

    @Override
    public boolean bySequence() {
        return true;
    }

    @Override
    public boolean byHead() {
        return mask.byHead();
    }
}
