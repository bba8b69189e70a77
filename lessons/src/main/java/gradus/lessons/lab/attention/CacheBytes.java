package gradus.lessons.lab.attention;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.CacheKind;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// What a model keeps of earlier tokens when it decodes one token after the other, read off its caches.
final class CacheBytes {
    private CacheBytes() {}

    /// Bytes a token after a sequence of the whole context: of keys and values of all layers, that are kept, by the
    /// tokens that were read. A sliding window keeps what its next query can see (a rolling cache).
    ///
    /// @return NaN if the model cannot go step by step
    static double of(Gpt model) {
        Gpt decoding = model.config().attention() instanceof Attentions.SlidingWindow
                ? new Gpt(model.config().withCache(CacheKind.ROLLING), Rng.of(0)).eval()
                : model;
        if (!decoding.cacheable()) {
            return Double.NaN;
        }
        int time = decoding.context();
        double bytes = 0;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            KvCaches caches = decoding.caches();
            for (int t = 0; t < time; t++) {
                decoding.lastLogits(Indices.of(Shape.of(1, 1), new int[1]), caches);
            }
            for (int layer = 0; layer < decoding.config().layers(); layer++) {
                KeysAndValues stored = caches.get(layer).stored();
                bytes += 2.0 * stored.length() * stored.keyBlock().dim(2) * Float.BYTES;
            }
            caches.clear();
        }
        return bytes / time;
    }
}
