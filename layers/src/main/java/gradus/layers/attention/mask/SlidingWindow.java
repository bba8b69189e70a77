package gradus.layers.attention.mask;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;

/// Causal attention to the last W keys, the query's own included: i sees j iff `i - W < j ≤ i`.
/// Child et al. 2019, arXiv:1904.10509; Jiang et al. 2023, "Mistral 7B", arXiv:2310.06825.
///
/// This is Hugging Face's count; Mistral's one-file reference keeps `i - j ≤ W`, one key more. Costs `T·W`
/// instead of `T²/2`. Information still travels further than the window: through L layers, `L·(W - 1)`
/// positions. With `W ≥ T` it is plain causal attention, with W = 1 each position sees itself only.
///
/// @param window W
public record SlidingWindow(int window) implements KeyMask {
    /// @throws gradus.error.ConfigException if the window is not positive
    public SlidingWindow {
        require(window >= 1, "SlidingWindow: window must be at least 1; got %d", window);
    }

    @Override
    public void see(Query query) {
        query.sees(Math.max(0, query.position() - window + 1), query.position() + 1);
    }

    @Override
    public boolean cacheable() {
        return true;
    }
}
