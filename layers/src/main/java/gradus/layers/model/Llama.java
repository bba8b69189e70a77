package gradus.layers.model;

import gradus.layers.feedforward.SwiGlu;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// Llama: a decoder of RMSNorm, rotary positions, grouped-query attention and SwiGLU, without any bias.
/// Touvron et al. 2023, "Llama 2: open foundation and fine-tuned chat models", arXiv:2307.09288. See
/// [RmsDecoder] for what it computes and [LlamaConfig] for the published sizes.
public final class Llama extends RmsDecoder {
    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public Llama(LlamaConfig config, Rng rng) {
        super(config, new Family<>(false, "mlp", own -> new SwiGlu(config.dim(), config.hidden(), own)), rng);
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public Llama train() {
        return super.<Llama>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Llama eval() {
        return super.<Llama>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Llama to(DType dtype) {
        return super.<Llama>to(dtype);
    }
}
