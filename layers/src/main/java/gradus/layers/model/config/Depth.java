package gradus.layers.model.config;

import gradus.error.ConfigException;

/// How many blocks a model may have.
final class Depth {
    /// Nobody has trained as many. More are refused before any block is made, since each is a tree of objects
    /// even where its parameters take no memory yet, and the number often comes from a file.
    private static final int MOST = 10_000;

    private Depth() {}

    static void require(int layers) {
        ConfigException.require(layers >= 1 && layers <= MOST, "layers must be from 1 to %d; got %d", MOST, layers);
    }
}
