package gradus.layers.prompt;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// The rows themselves are trained: prompt tuning, Lester et al. 2021, "The power of scale for
/// parameter-efficient prompt tuning", arXiv:2104.08691; and prefix tuning without a projection. The
/// parameter is `prompt_embeddings`, as in the files of Hugging Face's peft.
public final class PromptTable extends SoftPrompt {
    private final Tensor table; // (n, width)

    /// From the standard normal distribution, as in peft.
    ///
    /// @throws gradus.error.ConfigException if a number is below 1
    public PromptTable(int count, int width, Rng rng) {
        super(count, width);
        this.table = param("prompt_embeddings", Tensor.randn(rng.at("prompt_embeddings"), count, width));
    }

    /// From given rows, which are copied.
    ///
    /// **Shapes** rows (n, width)
    ///
    /// @throws gradus.error.ConfigException if they are not a matrix
    public PromptTable(Tensor rows) {
        require(
                rows != null && rows.rank() == 2,
                "soft prompt: rows must be a matrix (n, width); got %s",
                rows == null ? null : rows.shape());
        super(rows.dim(0), rows.dim(1));
        this.table = param("prompt_embeddings", rows.detach().clone());
    }

    @Override
    public Tensor rows() {
        return table; // (n, width)
    }
}
