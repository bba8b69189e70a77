package gradus.layers.attention.cache;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.mask.SlidingWindow;
import gradus.tensor.mask.KeyMask;

/// A cache for attention through a [SlidingWindow], which forgets what no further query sees: its size
/// stays at the window's however long the sequence grows. Jiang et al. 2023, "Mistral 7B",
/// arXiv:2310.06825, section 2.
///
/// The oldest kept stands first. The paper writes position t to place `t mod W` instead, which spares
/// moving the others but leaves them out of order for a mask.
public final class RollingKvCache extends KvCache {
    private final int window;

    /// @param window W, at least the mask's
    /// @throws gradus.error.ConfigException if it is not positive
    public RollingKvCache(int window) {
        require(window >= 1, "KvCache: window must be at least 1; got %d", window);
        this.window = window;
    }

    @Override
    int reach() {
        return window - 1; // a query sees W keys with its own
    }

    @Override
    int most() {
        return Integer.MAX_VALUE;
    }

    @Override
    void requireRoom(int time) {}

    @Override
    public void requireFits(KeyMask mask) {
        require(
                mask instanceof SlidingWindow sliding && sliding.window() <= window,
                "KvCache: a rolling cache of %d serves sliding windows up to that; got %s",
                window,
                mask);
    }
}
