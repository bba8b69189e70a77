package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.config.Reach;
import gradus.layers.position.DualChunkRope;
import gradus.train.pretrained.PublishedLlama.Kind;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// How config.json tells how far blocks look back: a window, in Qwen2 for the later blocks only, or dual chunks.
///
/// @param layers how many blocks there are
record PublishedReach(ModelConfigJson config, Kind kind, int layers) {
    private static final String WINDOW = "sliding_window";
    private static final String DUAL = "dual_chunk_attention_config";
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    /// Of a Mistral and a Qwen2 whose config.json says nothing.
    private static final int USUAL_WINDOW = 4096;

    /// Of a Qwen2.
    private static final int USUAL_FIRST = 28;

    Reach read() {
        Reach windowed = switch (kind) {
            case LLAMA -> Reach.WHOLE;
            case MISTRAL -> window(USUAL_WINDOW, 0);
            case MIXTRAL -> window(0, 0);
            case QWEN2 -> qwen2();
        };
        if (kind != Kind.QWEN2) {
            List<String> types = config.texts("layer_types");
            config.requireOnly(
                    "layer_types", types.stream().allMatch(type -> windowed.window() == 0 && type.equals(FULL)));
        }
        ModelConfigJson dual = config.object(DUAL);
        if (dual == null) {
            return windowed;
        }
        config.requireOnly(DUAL, windowed.equals(Reach.WHOLE));
        dual.require(ConfigKeys.DUAL_CHUNKS);
        int original = dual.count("original_max_position_embeddings", 0);
        DualChunkRope.Chunks chunks =
                DualChunkRope.Chunks.ofQwen2(dual.size("chunk_size", 8192), dual.count("local_size", 1024));
        return Reach.ofDualChunks(chunks, original);
    }

    private Reach window(int missing, int from) {
        int window = config.size(WINDOW, missing, 0);
        return window == 0 ? Reach.WHOLE : Reach.ofWindow(window, from);
    }

    /// Blocks from `max_window_layers` on have the window, or those that `layer_types` names.
    private Reach qwen2() {
        Reach window = config.flag("use_sliding_window", false)
                ? window(USUAL_WINDOW, config.count("max_window_layers", USUAL_FIRST))
                : Reach.WHOLE;
        List<String> types = config.texts("layer_types");
        if (!types.isEmpty()) {
            int full = types.contains(SLIDING) ? types.indexOf(SLIDING) : layers;
            boolean known = types.size() == layers
                    && types.subList(0, full).equals(Collections.nCopies(full, FULL))
                    && types.subList(full, layers).equals(Collections.nCopies(layers - full, SLIDING))
                    && (full == layers || window.window() > 0);
            config.requireOnly("layer_types", known);
            return full == layers ? Reach.WHOLE : Reach.ofWindow(window.window(), full);
        }
        return window.window() > 0 && window.from() < layers ? window : Reach.WHOLE;
    }

    static void write(Reach reach, Kind kind, ObjectNode json) {
        boolean window = reach.window() > 0;
        if (window && reach.from() > 0 && kind != Kind.QWEN2) {
            throw new CheckpointMismatchException(
                    "config.json has no word for a window in some blocks of this model only; from = " + reach.from());
        }
        switch (kind) {
            case LLAMA -> {}
            case MISTRAL -> json.put(WINDOW, reach.window());
            case MIXTRAL -> {
                if (window) {
                    json.put(WINDOW, reach.window());
                } else {
                    json.putNull(WINDOW);
                }
            }
            case QWEN2 -> {
                json.put("use_sliding_window", window);
                if (window) {
                    json.put(WINDOW, reach.window()).put("max_window_layers", reach.from());
                }
            }
        }
        if (reach.chunks() != null) {
            int size = reach.chunks().size();
            int chunk = reach.chunks().trained() - 1; // the furthest distance
            if (window || chunk > 2 * size - 1) {
                throw new CheckpointMismatchException("config.json has no word for " + reach);
            }
            json.putObject(DUAL)
                    .put("chunk_size", chunk)
                    .put("local_size", chunk - size)
                    .put("original_max_position_embeddings", reach.original());
        }
    }
}
