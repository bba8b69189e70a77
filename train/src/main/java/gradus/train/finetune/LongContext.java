package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Llama;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Reach;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.json.JsonNumbers;
import gradus.train.checkpoint.CheckpointJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A longer context for a model with rotary positions, by position interpolation: positions come `scale`
/// times closer together, see [PositionInterpolation]. An adapter that was trained for it has it beside
/// itself, in `long_context.json`, since an adapter's files say nothing of the base's positions.
///
/// @param context of the stretched model
/// @param scale   `⌈context/trained⌉`, as LongLoRA's published code has it
public record LongContext(int context, double scale) {
    /// Its file in an adapter's folder.
    static final String FILE = "long_context.json";

    /// @throws gradus.error.ConfigException if a number is out of range
    public LongContext {
        require(context >= 1, "context must be at least 1; got %d", context);
        require(scale >= 1 && Double.isFinite(scale), "scale must be at least 1; got %s", scale);
    }

    /// For a base.
    ///
    /// @throws gradus.error.ConfigException if the base's context is not shorter
    static LongContext of(int context, int trained) {
        require(
                context > trained,
                "the new context must be above that of the base, which is %d; got %d",
                trained,
                context);
        return new LongContext(context, Math.ceilDiv(context, trained));
    }

    /// A model of its own with the longer context and the base's weights.
    ///
    /// @throws gradus.error.ConfigException if the base has no positions that can be stretched
    RmsDecoder of(Layer base) {
        require(
                base instanceof Llama || base instanceof Qwen2,
                "a longer context stretches rotary positions, which Llama and Qwen2 have; the base is a %s",
                base.getClass().getSimpleName());
        LlamaConfig before = ((RmsDecoder) base).config();
        require(
                before.reach().equals(Reach.WHOLE),
                "a longer context needs blocks that see everything before; the base's see %s",
                before.reach());
        LlamaConfig config = before.withContext(context).withFrequencies(stretched(before.frequencies()));
        RmsDecoder longer = base instanceof Qwen2 ? new Qwen2(config, Rng.of(0)) : new Llama(config, Rng.of(0));
        Quantization.share(base, longer);
        Map<String, Tensor> weights = base.namedParameters();
        longer.namedParameters().forEach((name, parameter) -> parameter.copyFrom(weights.get(name)));
        longer.eval();
        return longer;
    }

    private RopeFrequencies stretched(RopeFrequencies before) {
        return switch (before) {
            case PlainFrequencies plain -> new PositionInterpolation(plain.base(), scale);
            case PositionInterpolation linear -> new PositionInterpolation(linear.base(), linear.scale() * scale);
            default ->
                throw ConfigException.of(
                        "a longer context by position interpolation needs plain or interpolated positions; the base"
                                + " has %s",
                        before.getClass().getSimpleName());
        };
    }

    // --- its file

    static boolean isIn(Path adapter) {
        return Files.exists(adapter.resolve(FILE));
    }

    void write(Path folder) {
        ObjectNode json = CheckpointJson.object();
        json.put("max_position_embeddings", context);
        json.putObject("rope_scaling").put("rope_type", "linear").put("factor", scale);
        CheckpointJson.write(folder.resolve(FILE), json);
    }

    /// @throws CorruptCheckpointException if the file is damaged
    static LongContext read(Path folder) {
        Path file = folder.resolve(FILE);
        ObjectNode json = CheckpointJson.read(file);
        JsonNode context = json.path("max_position_embeddings");
        JsonNode scaling = json.path("rope_scaling");
        JsonNode factor = scaling.path("factor");
        if (!context.canConvertToInt()
                || !context.isIntegralNumber()
                || !factor.isNumber()
                || !scaling.path("rope_type").asString("").equals("linear")) {
            throw new CorruptCheckpointException(
                    file + ": must tell max_position_embeddings and rope_scaling of the type linear; got " + json);
        }
        try {
            return new LongContext(context.intValue(), JsonNumbers.toDouble(factor));
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(file + ": " + outOfRange.getMessage(), outOfRange);
        }
    }

    /// The same as [#of(Layer)], where the base does not fit the adapter.
    ///
    /// @throws CheckpointMismatchException if the base has no positions that can be stretched
    RmsDecoder of(Layer base, Path adapter) {
        try {
            return of(base);
        } catch (ConfigException other) {
            throw new CheckpointMismatchException(adapter.resolve(FILE) + ": " + other.getMessage(), other);
        }
    }
}
