package gradus.bench;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import java.util.List;

/// A model whose training step is timed, with the batch it is fed.
///
/// @param name   what the table calls it
/// @param config its sizes
/// @param batch  B, sequences of a step
/// @param warmup steps before the first that counts; the compiler needs about this many
/// @param steps  steps that count
public record Model(String name, GptConfig config, int batch, int warmup, int steps) {
    /// 0.8 million parameters: the character model of `char-small`.
    public static final Model SMALL = new Model("small", new GptConfig(65, 64, 4, 4, 128, 0), 12, 300, 200);

    /// 10.8 million parameters: nanoGPT's character model for a GPU.
    public static final Model MEDIUM = new Model("medium", new GptConfig(65, 256, 6, 6, 384, 0), 16, 12, 20);

    /// 124 million parameters: the smallest published GPT-2, in a short context.
    static final Model GPT2 = new Model("gpt2", new GptConfig(50257, 64, 12, 12, 768, 0), 4, 12, 12);

    static final List<Model> ALL = List.of(SMALL, MEDIUM, GPT2);

    /// So small that what a step costs is what its operations cost before they compute anything.
    public static Model micro(int batch) {
        return new Model("micro", new GptConfig(65, 16, 2, 2, 32, 0), batch, 6000, 2000);
    }

    public Gpt build() {
        return new Gpt(config, Rng.of(1));
    }

    /// Tokens of a step.
    int tokens() {
        return batch * config.context();
    }

    /// Floating-point operations for one token of a training step, as nanoGPT counts them: `6·N + 12·L·C·T`.
    /// Each weight that multiplies takes part in one multiply-add forwards and two backwards; N leaves out the
    /// position table, which is only looked up, and the token table counts because the head multiplies by it.
    /// The second term is attention over the whole T×T square, as if there were no causal mask.
    double flopsPerToken(Gpt gpt) {
        return weightFlops(gpt) + attentionFlops();
    }

    /// The same with only what a causal mask asks for: of the T×T pairs a query and a key make, `T·(T+1)/2`.
    double causalFlopsPerToken(Gpt gpt) {
        int time = config.context();
        return weightFlops(gpt) + attentionFlops() * (time + 1) / (2.0 * time);
    }

    private double weightFlops(Gpt gpt) {
        long positions = (long) config.context() * config.dim();
        return 6.0 * (gpt.parameterCount() - positions);
    }

    private double attentionFlops() {
        return 12.0 * config.layers() * config.dim() * config.context();
    }
}
