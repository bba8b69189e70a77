package gradus.layers.model.prompt;

import static gradus.error.ConfigException.require;

import gradus.layers.Embedding;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.layers.prompt.SoftPrompt;
import gradus.layers.prompt.VirtualTokens;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// A language model with n trained vectors before the embeddings of every sequence:
/// `logits = model([p₁ … p_n, W_E[id₁] … W_E[id_T]])`, of which the last T are the result. The vectors count as
/// tokens in every way: they have positions, 0 … n-1, and the tokens have those that follow.
///
/// With a [gradus.layers.prompt.PromptTable] this is prompt tuning (Lester et al. 2021, arXiv:2104.08691),
/// with a [gradus.layers.prompt.MlpEncoder] or [gradus.layers.prompt.LstmEncoder] P-tuning (Liu et al. 2021,
/// arXiv:2103.10385). The vectors are further rows of the model's token table, see [VirtualTokens]; a
/// sequence may hold their ids in other places too.
public final class PromptTuned extends SoftPrompted {
    private final Embedding tokens;
    private final int first; // the id of the first virtual token

    /// Freezes a model and puts a prompt before it.
    ///
    /// @param prompt n rows of size C
    /// @throws gradus.error.ConfigException if the prompt has another size, leaves no room in the context, or the
    ///     model's token table has an adapter
    public PromptTuned(LanguageModel base, SoftPrompt prompt) {
        super(base, prompt);
        this.tokens = tokens(base);
        this.first = VirtualTokens.on(tokens, prompt).first();
    }

    /// The table of a model's tokens: its first with V rows.
    ///
    /// @throws gradus.error.ConfigException if it has none
    public static Embedding tokens(LanguageModel model) {
        Embedding table = model.namedLayers(Embedding.class).values().stream()
                .filter(each -> each.weight().dim(0) == model.vocabSize())
                .findFirst()
                .orElse(null);
        require(
                table != null,
                "soft prompt: %s has no table of its %d tokens",
                model.getClass().getSimpleName(),
                model.vocabSize());
        return table;
    }

    /// Takes the prompt away from the model, which is then what it was, but frozen.
    public void detach() {
        tokens.adapt(null);
    }

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        return base().embed(caches.length() > 0 ? ids : behindPrompt(ids, caches), caches); // (B, T or n + T, C)
    }

    /// The ids with those of the prompt before each sequence, and its padding before that.
    ///
    /// **Shapes** ids (B, T) → (B, n + T)
    private Indices behindPrompt(Indices ids, KvCaches caches) {
        int batch = ids.shape().dim(0);
        int time = ids.shape().dim(1);
        int count = prompt().count();
        int[] given = ids.values();
        int[] all = new int[batch * (count + time)];
        Arrays.fill(all, 0);
        for (int b = 0; b < batch; b++) {
            int padding = caches.padding(b);
            int at = b * (count + time);
            System.arraycopy(given, b * time, all, at, padding);
            for (int i = 0; i < count; i++) {
                all[at + padding + i] = first + i;
            }
            System.arraycopy(given, b * time + padding, all, at + padding + count, time - padding);
        }
        return Indices.of(Shape.of(batch, count + time), all); // (B, n + T)
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        boolean begins = caches.length() == 0; // asked before the blocks add to the caches
        Tensor states = super.states(x, caches);
        return begins ? states.slice(1, prompt().count()) : states; // (B, T, C)
    }

    @Override
    public boolean supportsLeftPadding() {
        return base().supportsLeftPadding();
    }
}
