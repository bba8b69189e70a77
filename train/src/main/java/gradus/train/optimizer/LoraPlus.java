package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.SequencedMap;

/// LoRA+: the matrix B of every LoRA learns at a higher rate than A, since B starts with 0 and A does not.
/// Hayou et al. 2024, "LoRA+: efficient low rank adaptation of large models", arXiv:2402.12354, which finds a
/// ratio of 16 good.
public final class LoraPlus {
    private LoraPlus() {}

    /// @param parameters as [gradus.layers.Layer#namedParameters] gives them
    /// @param ratio      the rate of B divided by that of A, at least 1
    /// @throws gradus.error.ConfigException if the ratio is below 1
    public static ParameterGroups groups(SequencedMap<String, Tensor> parameters, double ratio) {
        require(ratio >= 1 && Double.isFinite(ratio), "LoRA+: the ratio must be at least 1; got %s", ratio);
        return ParameterGroups.trained(parameters).withRate(name -> name.endsWith(".lora_B.weight"), ratio);
    }
}
