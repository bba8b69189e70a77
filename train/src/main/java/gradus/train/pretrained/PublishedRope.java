package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import tools.jackson.databind.node.ObjectNode;

/// How config.json tells the frequencies of a rotary embedding: `rope_theta` and, for a scaled one, `rope_scaling`;
/// since transformers 5 both in `rope_parameters`. Plain, linear, Llama 3's and YaRN are known.
final class PublishedRope {
    private PublishedRope() {}

    static RopeFrequencies read(ModelConfigJson config) {
        ModelConfigJson parameters = config.object("rope_parameters");
        ModelConfigJson scaling = parameters == null ? config.object("rope_scaling") : parameters;
        double base = config.number("rope_theta", PlainFrequencies.BASE);
        if (scaling == null) {
            return new PlainFrequencies(base);
        }
        base = scaling.number("rope_theta", base);
        String type = scaling.text("rope_type", scaling.text("type", "default"));
        double factor = scaling.number("factor", 1);
        return switch (type) {
            case "default" -> new PlainFrequencies(base);
            case "linear" -> new PositionInterpolation(base, factor);
            case "llama3" ->
                new Llama3Scaling(
                        base,
                        factor,
                        scaling.size("original_max_position_embeddings"),
                        new Llama3Scaling.Turns(
                                scaling.number("low_freq_factor", 1), scaling.number("high_freq_factor", 4)));
            case "yarn" -> {
                scaling.requireOnly("attention_factor", !scaling.has("attention_factor"));
                scaling.requireOnly("mscale", !scaling.has("mscale"));
                yield new Yarn(
                        base,
                        factor,
                        scaling.size("original_max_position_embeddings", config.size("max_position_embeddings")),
                        new Yarn.Turns(scaling.number("beta_fast", 32), scaling.number("beta_slow", 1)));
            }
            default -> throw config.mismatch("rope_type \"%s\" is not supported".formatted(type));
        };
    }

    static void write(RopeFrequencies frequencies, ObjectNode config) {
        switch (frequencies) {
            case PlainFrequencies plain -> {
                config.put("rope_theta", plain.base());
                config.putNull("rope_scaling");
            }
            case PositionInterpolation linear -> {
                config.put("rope_theta", linear.base());
                config.putObject("rope_scaling").put("rope_type", "linear").put("factor", linear.scale());
            }
            case Llama3Scaling llama3 -> {
                config.put("rope_theta", llama3.base());
                config.putObject("rope_scaling")
                        .put("rope_type", "llama3")
                        .put("factor", llama3.scale())
                        .put("low_freq_factor", llama3.turns().low())
                        .put("high_freq_factor", llama3.turns().high())
                        .put("original_max_position_embeddings", llama3.trainedLength());
            }
            case Yarn yarn -> {
                config.put("rope_theta", yarn.base());
                config.putObject("rope_scaling")
                        .put("rope_type", "yarn")
                        .put("factor", yarn.scale())
                        .put("beta_fast", yarn.turns().kept())
                        .put("beta_slow", yarn.turns().slowed())
                        .put("original_max_position_embeddings", yarn.trainedLength());
            }
            default ->
                throw new CheckpointMismatchException(
                        "config.json cannot tell the frequencies of " + frequencies + " yet");
        }
    }
}
