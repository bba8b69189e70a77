package gradus.layers.model;

import gradus.layers.norm.LayerNorm;
import gradus.layers.norm.Norm;
import gradus.layers.norm.RMSNorm;

/// The norms that a [GptConfig] can name.
public final class Norms {
    private Norms() {}

    /// [LayerNorm]
    ///
    /// @param eps ε; 1e-5 in GPT-2
    public record Layer(double eps) implements NormChoice {
        @Override
        public Norm create(int dim) {
            return new LayerNorm(dim, eps);
        }
    }

    /// [RMSNorm]
    ///
    /// @param eps ε; 1e-5 in Llama, 1e-6 in Qwen2
    public record Rms(double eps) implements NormChoice {
        @Override
        public Norm create(int dim) {
            return new RMSNorm(dim, eps);
        }
    }
}
