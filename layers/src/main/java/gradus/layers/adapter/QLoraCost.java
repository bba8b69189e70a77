package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.quant.QuantConfig;

/// How much memory it takes to fine-tune a model, without activations: by formula, so for models that would
/// not fit the machine. With P the parameters, of which A are the adapters' and Q lie in quantised matrices:
/// ```
/// full     P·w                   + P·g  + P·o
/// LoRA     (P + A)·w             + A·g  + A·o         A = Σ r·(in + out)
/// QLoRA    bytes(Q) + (P - Q + A)·w   + A·g  + A·o    bytes(Q) ≈ 0.516·Q with NF4 and double quantisation
/// ```
/// where w, g and o are the bytes of a weight, a gradient and an optimiser's state. In 16 bits with Adam in
/// 32, full fine-tuning takes 2 + 2 + 8 bytes a parameter: 783 GB for LLaMA 65B, which QLoRA brings to one
/// card of 48 GB.
///
/// ```java
/// QLoraCost.qlora(llama, 64, QuantConfig.NF4_DOUBLE, QLoraCost.Bytes.HALF).total()
/// ```
/// A model that has just been made holds no memory for its weights yet, so it can be of any size.
///
/// Hu et al. 2021, arXiv:2106.09685; Dettmers et al. 2023, arXiv:2305.14314.
///
/// @param trainable how many numbers are trained
/// @param weights   bytes of all weights, the adapters' too
/// @param gradients bytes of their gradients
/// @param optimizer bytes of what the optimiser keeps
public record QLoraCost(long trainable, long weights, long gradients, long optimizer) {

    /// How numbers are kept.
    ///
    /// @param weight    bytes of a weight that is not quantised
    /// @param gradient  bytes of a gradient
    /// @param optimizer bytes that the optimiser keeps for a trained number
    public record Bytes(int weight, int gradient, int optimizer) {
        /// Weights and gradients in 16 bits, Adam's two moments in 32: what published figures count.
        public static final Bytes HALF = new Bytes(2, 2, 8);

        /// Everything in 32 bits, as here.
        public static final Bytes FLOAT32 = new Bytes(4, 4, 8);
    }

    /// Every parameter is trained.
    public static QLoraCost full(Layer model, Bytes bytes) {
        require(model != null && bytes != null, "cost: a model and the bytes of its numbers must be given");
        long all = model.parameterCount();
        return new QLoraCost(all, all * bytes.weight, all * bytes.gradient, all * bytes.optimizer);
    }

    /// Adapters of a rank on every linear layer but the heads.
    public static QLoraCost lora(Layer model, int rank, Bytes bytes) {
        return adapted(model, rank, null, bytes);
    }

    /// The same over a base whose linear layers, but the heads, are quantised. The model itself must not be.
    public static QLoraCost qlora(Layer model, int rank, QuantConfig config, Bytes bytes) {
        require(config != null, "cost: a quantisation must be given; got null");
        return adapted(model, rank, config, bytes);
    }

    private static QLoraCost adapted(Layer model, int rank, QuantConfig config, Bytes bytes) {
        require(model != null && bytes != null, "cost: a model and the bytes of its numbers must be given");
        require(rank >= 1, "cost: the rank must be at least 1; got %d", rank);
        long adapters = 0;
        long quantized = 0;
        long quantizedBytes = 0;
        for (Linear linear : Quantization.chosen(model, Quantization.HEADS).values()) {
            adapters += (long) rank * (linear.in() + linear.out());
            if (config != null) {
                long elements = (long) linear.in() * linear.out();
                quantized += elements;
                quantizedBytes += config.bytes(elements);
            }
        }
        long kept = model.parameterCount() - quantized + adapters;
        return new QLoraCost(
                adapters, quantizedBytes + kept * bytes.weight, adapters * bytes.gradient, adapters * bytes.optimizer);
    }

    /// All bytes.
    public long total() {
        return weights + gradients + optimizer;
    }
}
