package gradus.lessons.lab.inference;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.Gpt;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.stream.IntStream;

/// Passes of a model that can be run again and again.
final class Passes {
    private Passes() {}

    /// A text is read from its beginning, without a cache, for the token that follows it.
    static Runnable read(Gpt model, int time) {
        Indices ids = ids(model, 1, time);
        return () -> {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                model.lastLogits(ids);
            }
        };
    }

    /// A few tokens are read behind those in a cache, which stays as it was. The cache is filled now.
    ///
    /// @param batch sequences
    /// @param past  tokens of each in the cache
    /// @param fresh tokens of each that are read
    /// @param all   whether logits of all of them are asked for
    static Runnable behind(Gpt model, int batch, int past, int fresh, boolean all) {
        KvCaches caches = model.caches();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            model.lastLogits(ids(model, batch, past), caches);
        }
        Indices ids = ids(model, batch, fresh);
        return () -> {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                if (all) {
                    model.forward(ids, caches);
                } else {
                    model.lastLogits(ids, caches);
                }
            }
            caches.truncate(past);
        };
    }

    private static Indices ids(Gpt model, int batch, int time) {
        int[] ids = IntStream.range(0, batch * time)
                .map(i -> (31 * i + 7) % model.vocabSize())
                .toArray();
        return Indices.of(Shape.of(batch, time), ids);
    }
}
