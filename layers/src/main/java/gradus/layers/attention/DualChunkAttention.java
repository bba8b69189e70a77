package gradus.layers.attention;

import gradus.layers.position.DualChunkRope;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.random.Rng;

/// Grouped-query attention whose positions come in by [DualChunkRope]: for sequences longer than those a
/// model with rotary positions was trained on. An et al. 2024, arXiv:2402.17463. The parameters are those
/// of the model's own attention, so a checkpoint loads as it is.
public final class DualChunkAttention extends GroupedQueryAttention {

    /// @param config      the model's attention; its position is replaced
    /// @param frequencies of the model's rotary positions
    /// @param chunks      how a sequence is cut
    /// @param rng         random numbers for the initial weights
    public DualChunkAttention(
            AttentionConfig config, RopeFrequencies frequencies, DualChunkRope.Chunks chunks, Rng rng) {
        this(config, new DualChunkRope(frequencies, chunks), rng);
    }

    /// With a position that has a temperature, as in Qwen2.
    public DualChunkAttention(AttentionConfig config, DualChunkRope position, Rng rng) {
        super(config.withPosition(position), rng);
    }
}
