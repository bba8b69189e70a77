package gradus.layers.model;

import gradus.layers.feedforward.SwiGlu;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// Qwen2: a [Llama] whose projections of queries, keys and values add a bias, with ε = 1e-6 and a rotary base
/// of a million in the published sizes. Yang et al. 2024, "Qwen2 technical report", arXiv:2407.10671.
public final class Qwen2 extends RmsDecoder {
    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public Qwen2(LlamaConfig config, Rng rng) {
        super(config, new Family<>(true, "mlp", own -> new SwiGlu(config.dim(), config.hidden(), own)), rng);
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public Qwen2 train() {
        return super.<Qwen2>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Qwen2 eval() {
        return super.<Qwen2>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Qwen2 to(DType dtype) {
        return super.<Qwen2>to(dtype);
    }
}
