package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.position.DividedFrequencies;
import gradus.layers.position.DynamicNtk;
import gradus.layers.position.Llama3Scaling;
import gradus.layers.position.LongRope;
import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.PositionInterpolation;
import gradus.layers.position.RopeFrequencies;
import gradus.layers.position.Yarn;
import gradus.tokenizer.json.KnownKeys;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// How config.json tells the frequencies of a rotary embedding: `rope_theta` and, for a scaled one,
/// `rope_scaling`; since transformers 5 both in `rope_parameters`. Whatever transformers does with a file
/// that says more than one of them, or leaves something out, is done here too.
///
/// @param config       the whole file
/// @param defaultTheta the base of the model type where the file has none
/// @param context      `max_position_embeddings`
record PublishedRope(ModelConfigJson config, double defaultTheta, int context) {
    private static final String ORIGINAL = "original_max_position_embeddings";

    RopeFrequencies read() {
        ModelConfigJson scaling = config.object("rope_scaling"); // it has priority
        ModelConfigJson rope = scaling == null ? config.object("rope_parameters") : scaling;
        double base = config.number("rope_theta", defaultTheta);
        if (rope == null) {
            return new PlainFrequencies(base);
        }
        base = rope.number("rope_theta", base);
        String type = rope.text("rope_type", rope.text("type", "default"));
        KnownKeys keys = RopeKeys.BY_TYPE.get(type);
        if (keys == null) {
            throw config.mismatch("%srope_type \"%s\" is not supported; %s are"
                    .formatted(rope.at(), type, String.join(", ", RopeKeys.BY_TYPE.keySet())));
        }
        rope.require(keys);
        return switch (type) {
            case "linear" -> new PositionInterpolation(base, rope.number("factor"));
            case "dynamic" -> dynamic(rope, base);
            case "yarn" -> yarn(rope, base);
            case "llama3" -> llama3(rope, base);
            case "longrope" -> longRope(rope, base);
            default -> new PlainFrequencies(base);
        };
    }

    /// The longest sequence: dynamic scaling leaves `max_position_embeddings` at the length that was trained, and
    /// reaches a factor of it.
    int reached(RopeFrequencies frequencies) {
        return frequencies instanceof DynamicNtk dynamic
                ? (int) Math.min(Integer.MAX_VALUE, dynamic.scale() * context)
                : context;
    }

    private DynamicNtk dynamic(ModelConfigJson rope, double base) {
        int original = rope.size(ORIGINAL, context);
        rope.requireOnly(ORIGINAL, original == context); // transformers goes by max_position_embeddings
        return new DynamicNtk(base, rope.number("factor"), context);
    }

    private Llama3Scaling llama3(ModelConfigJson rope, double base) {
        Llama3Scaling.Rotations turns =
                new Llama3Scaling.Rotations(rope.number("low_freq_factor"), rope.number("high_freq_factor"));
        return new Llama3Scaling(base, rope.number("factor"), original(rope), turns);
    }

    private Yarn yarn(ModelConfigJson rope, double base) {
        int original = original(rope);
        double factor = rope.says("factor") && !rope.has("factor")
                ? (double) context / original // as DeepSeek's files have it
                : rope.number("factor");
        boolean truncate = rope.has("truncate") ? rope.flag("truncate", true) : !rope.says("truncate");
        Yarn.Rotations turns = new Yarn.Rotations(or(rope, "beta_fast", 32), or(rope, "beta_slow", 1), truncate);
        double mscale = or(rope, "mscale", 0);
        double allDim = or(rope, "mscale_all_dim", 0);
        double own = mscale == 0 || allDim == 0
                ? Yarn.factorOf(factor, 1)
                : Yarn.factorOf(factor, mscale) / Yarn.factorOf(factor, allDim);
        return new Yarn(base, factor, original, turns, attentionFactor(rope, own));
    }

    /// Two equal lists and a factor of 1 are divisors that do not depend on the length, see [#write].
    private RopeFrequencies longRope(ModelConfigJson rope, double base) {
        int original = original(rope);
        double factor = rope.has("factor") ? rope.number("factor") : (double) context / original;
        LongRope.Divisors divisors = new LongRope.Divisors(rope.numbers("short_factor"), rope.numbers("long_factor"));
        double own = LongRope.factorOf(factor, original);
        double applied = attentionFactor(rope, own);
        return applied == 1 && divisors.upToTrained().equals(divisors.beyond())
                ? new DividedFrequencies(base, divisors.beyond())
                : new LongRope(base, Math.max(1, factor), original, divisors, applied);
    }

    private static double attentionFactor(ModelConfigJson rope, double missing) {
        return rope.has("attention_factor") ? rope.number("attention_factor") : missing;
    }

    /// A field that is missing, null or 0 has its default.
    private static double or(ModelConfigJson rope, String field, double missing) {
        double value = rope.has(field) ? rope.number(field) : 0;
        return value == 0 ? missing : value;
    }

    /// The length before it was stretched. Beside the object it has priority over the one inside.
    private int original(ModelConfigJson rope) {
        return config.size(ORIGINAL, rope.size(ORIGINAL, context));
    }

    // --- writing

    static void write(RopeFrequencies frequencies, ObjectNode config) {
        switch (frequencies) {
            case PlainFrequencies plain -> {
                config.put("rope_theta", plain.base());
                config.putNull("rope_scaling");
            }
            case PositionInterpolation linear ->
                scaling(config, linear.base(), "linear").put("factor", linear.scale());
            case DynamicNtk dynamic -> {
                scaling(config, dynamic.base(), "dynamic").put("factor", dynamic.scale());
                config.put("max_position_embeddings", dynamic.trainedLength());
            }
            case Llama3Scaling llama3 ->
                scaling(config, llama3.base(), "llama3")
                        .put("factor", llama3.scale())
                        .put("low_freq_factor", llama3.rotations().low())
                        .put("high_freq_factor", llama3.rotations().high())
                        .put(ORIGINAL, llama3.trainedLength());
            case Yarn yarn -> {
                ObjectNode rope = scaling(config, yarn.base(), "yarn")
                        .put("factor", yarn.scale())
                        .put("beta_fast", yarn.rotations().kept())
                        .put("beta_slow", yarn.rotations().slowed())
                        .put(ORIGINAL, yarn.trainedLength());
                if (!yarn.rotations().truncate()) {
                    rope.put("truncate", false);
                }
                if (yarn.factor() != Yarn.factorOf(yarn.scale(), 1)) {
                    rope.put("attention_factor", yarn.factor());
                }
            }
            case LongRope longRope -> {
                ObjectNode rope = scaling(config, longRope.base(), "longrope")
                        .put("factor", longRope.scale())
                        .put(ORIGINAL, longRope.trainedLength())
                        .put("attention_factor", longRope.factor());
                divisors(
                        rope,
                        longRope.divisors().upToTrained(),
                        longRope.divisors().beyond());
            }
            case DividedFrequencies divided -> { // there is no other word for any divisors
                ObjectNode rope = scaling(config, divided.base(), "longrope")
                        .put("factor", 1.0)
                        .put(ORIGINAL, config.get("max_position_embeddings").intValue())
                        .put("attention_factor", 1.0);
                divisors(rope, divided.divisors(), divided.divisors());
            }
            default -> // NtkAware, and those of one's own
                throw new CheckpointMismatchException("config.json has no word for the frequencies of " + frequencies
                        + "; nothing else could run them");
        }
    }

    private static void divisors(ObjectNode rope, List<Double> upToTrained, List<Double> beyond) {
        upToTrained.forEach(rope.putArray("short_factor")::add);
        beyond.forEach(rope.putArray("long_factor")::add);
    }

    private static ObjectNode scaling(ObjectNode config, double base, String type) {
        config.put("rope_theta", base);
        return config.putObject("rope_scaling").put("rope_type", type);
    }
}
