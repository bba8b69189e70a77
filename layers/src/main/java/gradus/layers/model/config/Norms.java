package gradus.layers.model.config;

import gradus.layers.norm.BatchNorm;
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

    /// [BatchNorm]: sees the whole batch, the future included, so a model that has it must not be asked to
    /// predict while it is in training; listed for comparison.
    ///
    /// @param eps      ε; 1e-5 in PyTorch
    /// @param momentum m; 0.1 in PyTorch
    public record Batch(double eps, double momentum) implements NormChoice {
        @Override
        public Norm create(int dim) {
            return new BatchNorm(dim, eps, momentum);
        }
    }
}
