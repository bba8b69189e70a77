package gradus.train.finetune;

import gradus.layers.Embedding;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.PromptTable;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.function.Function;

/// Trains vectors before the embeddings of every sequence, and nothing of the base: Lester et al. 2021,
/// arXiv:2104.08691. They live by their start and learning rate. Started from sampled vocabulary, peft's own
/// comparison reached 34 % of a benchmark, and 6 % with the usual learning rate; 0.3 is the paper's.
///
/// @param count how many virtual tokens there are; 0 for [PromptStart#usualCount]
public record PromptTuning(int count, PromptStart start) implements TuningMethod {

    /// Without a tokenizer, so that it cannot start from a text.
    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        return on(base, SoftPrompts.NO_TOKENIZER, rng);
    }

    @Override
    public Tuned on(OpenBase base, Rng rng) {
        return on(base.model(), base.saved().text()::encode, rng);
    }

    private Tuned on(LanguageModel base, Function<String, int[]> encode, Rng rng) {
        Embedding table = PromptTuned.tokens(base);
        int n = SoftPrompts.fitting(count == 0 ? start.usualCount(encode) : count, base);
        int[] tokens = start.tokens(n, base, encode, rng);
        PromptTable prompt = tokens == null
                ? new PromptTable(n, table.weight().dim(1), rng)
                : new PromptTable(table.weight().detach().embedding(Indices.of(tokens)));
        return SoftPrompts.tuned(base, prompt, PromptTuned::new);
    }
}
