package gradus.layers.attention.cache;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;

/// A cache that keeps every position, up to a fixed number of them.
public final class ContiguousKvCache extends KvCache {
    private final int capacity;

    /// @param capacity the most positions, commonly the model's context
    /// @throws gradus.error.ConfigException if it is not positive
    public ContiguousKvCache(int capacity) {
        require(capacity >= 1, "KvCache: capacity must be at least 1; got %d", capacity);
        this.capacity = capacity;
    }

    @Override
    int reach() {
        return capacity;
    }

    @Override
    int most() {
        return capacity;
    }

    @Override
    void requireRoom(int time) {
        require(
                time <= capacity - length(),
                "KvCache: %d more positions do not fit, %d of %d are taken; use a larger capacity or clear()",
                time,
                length(),
                capacity);
    }

    @Override
    public void requireFits(KeyMask mask) {}
}
