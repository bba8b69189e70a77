package gradus.layers.model.prompt;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.stream.IntStream;

/// A language model whose attention finds n trained keys and values before those of every sequence, in each
/// of its L blocks: prefix tuning. Li & Liang 2021, "Prefix-tuning: optimizing continuous prompts for
/// generation", arXiv:2101.00190.
///
/// A virtual token's row holds the block's keys and then its values, block after block: (n, L·2·K·D), the
/// layout of Hugging Face's peft. With grouped-query attention there are K key heads, fewer than those of the
/// queries. The keys are used as they are: rotary positions do not rotate them. The tokens' positions count
/// on after the prefix: the first token's is n.
///
/// Costs no work for the prefix but that of attention, and n positions of the caches.
public final class PrefixTuned extends SoftPrompted {

    /// Freezes a model and puts a prefix before it.
    ///
    /// @param prompt n rows of size [#width]
    /// @throws gradus.error.ConfigException if the prompt has another size or leaves no room in the context, or
    ///     keys and values of the model cannot be cached
    public PrefixTuned(LanguageModel base, SoftPrompt prompt) {
        int width = width(base);
        require(
                prompt.width() == width,
                "prefix: a row must hold the keys and values of all blocks, %d numbers; got %d",
                width,
                prompt.width());
        super(base, prompt);
    }

    /// The size of a virtual token's row, L·2·K·D.
    ///
    /// @throws gradus.error.ConfigException if the model's keys and values cannot be cached
    public static int width(LanguageModel model) {
        return ofTokens(model, 0).dim(1);
    }

    /// The prefix that is a text: the keys and values that the model computes for its tokens, at the
    /// positions 0 … n-1, which rotary positions have rotated. Behind it the model says what it says behind
    /// the text.
    ///
    /// **Shapes** → (n, L·2·K·D)
    ///
    /// @param tokens the text's, n of them
    /// @throws gradus.error.ConfigException if the text is longer than the context, or the model's keys and
    ///     values cannot be cached
    public static Tensor ofTokens(LanguageModel model, int... tokens) {
        requireNone(model);
        require(
                model.cacheable(),
                "prefix: %s computes the keys and values of earlier tokens anew when others follow, so nothing can be"
                        + " put before them",
                model.getClass().getSimpleName());
        boolean training = model.training();
        model.eval();
        KvCaches caches = model.caches();
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            model.lastLogits(Indices.of(Shape.of(1, tokens.length), tokens), caches);
            Tensor[] parts = IntStream.range(0, 2 * caches.count())
                    .mapToObj(i -> part(caches, i))
                    .toArray(Tensor[]::new);
            require(
                    parts[0].dim(0) == tokens.length,
                    "prefix: of %d tokens, the caches of the model keep only %d",
                    tokens.length,
                    parts[0].dim(0));
            return Tensor.concat(1, parts).keep(); // (n, L·2·K·D)
        } finally {
            caches.clear();
            if (training) {
                model.train();
            }
        }
    }

    /// Keys of block i/2, or its values where i is odd.
    ///
    /// **Shapes** → (n, K·D)
    private static Tensor part(KvCaches caches, int i) {
        var stored = caches.get(i / 2).stored();
        return (i % 2 == 0 ? stored.keys() : stored.values()).select(0, 0);
    }

    @Override
    protected KvCaches begin(KvCaches caches, int batch) {
        if (caches.length() > 0) {
            return caches;
        }
        KvCaches begun = caches.isNone() ? base().caches() : caches;
        Tensor rows = prompt().rows(); // (n, L·2·K·D)
        int count = prompt().count();
        int size = prompt().width() / (2 * begun.count()); // K·D
        for (int i = 0; i < begun.count(); i++) {
            Tensor keys = rows.slice(1, 2 * i * size, (2 * i + 1) * size); // (n, K·D)
            Tensor values = rows.slice(1, (2 * i + 1) * size, (2 * i + 2) * size);
            begun.get(i).begin(keys.broadcastTo(batch, count, size), values.broadcastTo(batch, count, size));
        }
        return begun;
    }

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        return base().embed(ids, caches); // (B, T, C)
    }

    /// The prefix stands first in the caches, where padding would have to be.
    @Override
    public boolean supportsLeftPadding() {
        return false;
    }
}
