package gradus.layers.model.config;

import static gradus.error.ConfigException.require;

import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.position.DualChunkRope;
import gradus.layers.position.Position;
import gradus.layers.position.Rope;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.mask.KeyMask;

/// How far the blocks of an [gradus.layers.model.RmsDecoder] look back, and by which distances: at everything
/// before ([#WHOLE]), in the later blocks at a window only, as Mistral and Qwen2 may, or at everything by
/// [DualChunkRope], as Qwen2.5-1M does beyond the length it was trained on.
///
/// @param window   W, how many keys a query sees in a windowed block, its own included; 0 for all
/// @param from     the first block that has the window
/// @param chunks   how dual chunk attention cuts a sequence, or null without it
/// @param original L₀ of its temperature, see [DualChunkRope#withTemperature]; 0 for none
public record Reach(int window, int from, DualChunkRope.Chunks chunks, int original) {
    /// Everything before, by true distances.
    public static final Reach WHOLE = new Reach(0, 0, null, 0);

    /// @throws gradus.error.ConfigException if a number is below 0
    public Reach {
        require(window >= 0, "Reach: window must be at least 0; got %d", window);
        require(from >= 0, "Reach: the first block with a window must be at least 0; got %d", from);
        require(original >= 0, "Reach: the original length must be at least 0; got %d", original);
    }

    /// A window in the blocks from one on.
    ///
    /// @throws gradus.error.ConfigException if the window is below 1
    public static Reach ofWindow(int window, int from) {
        return new Reach(new SlidingWindow(window).window(), from, null, 0);
    }

    /// Dual chunk attention in all blocks.
    ///
    /// @param original L₀ of the temperature; 0 for none
    public static Reach ofDualChunks(DualChunkRope.Chunks chunks, int original) {
        return new Reach(0, 0, chunks, original);
    }

    /// Which keys each query sees in a block.
    public KeyMask mask(int block) {
        return window > 0 && block >= from ? new SlidingWindow(window) : KeyMask.causal();
    }

    /// How positions come in.
    public Position position(RopeFrequencies frequencies) {
        if (chunks == null) {
            return new Rope(frequencies);
        }
        DualChunkRope position = new DualChunkRope(frequencies, chunks);
        return original == 0 ? position : position.withTemperature(original);
    }
}
