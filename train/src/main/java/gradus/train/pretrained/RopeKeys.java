package gradus.train.pretrained;

import gradus.tokenizer.json.KnownKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Every key that the object of a rotary embedding (`rope_parameters`, before transformers 5 `rope_scaling`) may have,
/// by the kind of embedding.
final class RopeKeys {
    /// The kinds that are known, by the name that `rope_type` gives them.
    static final Map<String, KnownKeys> BY_TYPE = byType();

    private RopeKeys() {}

    private static Map<String, KnownKeys> byType() {
        SequencedMap<String, KnownKeys> types = new LinkedHashMap<>();
        types.put(
                "default",
                of("plain")
                        .only("factor", "plain rotary positions are not scaled", 1L)
                        .harmless("nothing is stretched", "original_max_position_embeddings"));
        types.put(
                "linear",
                of("linear")
                        .obeyed("factor")
                        .harmless("all positions are divided alike", "original_max_position_embeddings"));
        types.put("dynamic", of("dynamic").obeyed("factor", "original_max_position_embeddings"));
        types.put(
                "yarn",
                of("yarn")
                        .obeyed("factor", "original_max_position_embeddings", "attention_factor")
                        .obeyed("beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate")
                        .refused(
                                "these are of the authors' own code; config.json says attention_factor",
                                "extrapolation_factor",
                                "attn_factor"));
        types.put(
                "llama3",
                of("llama3")
                        .obeyed("factor", "original_max_position_embeddings", "low_freq_factor", "high_freq_factor"));
        types.put(
                "longrope",
                of("longrope")
                        .obeyed("factor", "original_max_position_embeddings", "attention_factor")
                        .obeyed("short_factor", "long_factor")
                        .refused("factors that differ by length are not built", "short_mscale", "long_mscale"));
        return types;
    }

    private static KnownKeys of(String type) {
        return KnownKeys.of("the object of " + type + " rotary positions")
                .obeyed("rope_type", "type", "rope_theta")
                .only("partial_rotary_factor", "all channels of a head rotate", 1L)
                .harmless("tells how the model was trained", "finetuned")
                .refused("positions of images are not built", "mrope_section", "mrope_interleaved");
    }
}
