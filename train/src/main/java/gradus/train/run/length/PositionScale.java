package gradus.train.run.length;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.layers.model.config.PositionChoice;
import gradus.layers.model.config.Positions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A way of stretching rotary positions over more places than a model was trained on, as `yarn:4`.
///
/// @param kind   one of [#KINDS]
/// @param factor s, by how much the context grows; of dca, the places of a chunk
public record PositionScale(String kind, double factor) {
    /// What there is.
    public static final List<String> KINDS = List.of("pi", "ntk", "dynamic-ntk", "yarn", "llama3", "longrope", "dca");

    private static final Pattern FORM = Pattern.compile("([a-z0-9-]+):([0-9.eE+-]+)");
    private static final String CHUNKS = "dca";

    /// @throws ConfigException if there is no such kind, or the factor is below 1
    public PositionScale {
        require(KINDS.contains(kind), "there is no position scale %s; there are %s", kind, String.join(", ", KINDS));
        require(factor >= 1 && Double.isFinite(factor), "the factor of %s must be at least 1; got %s", kind, factor);
        require(
                !kind.equals(CHUNKS) || factor == Math.rint(factor) && factor <= Integer.MAX_VALUE,
                "the chunk of dca must be a whole number of places; got %s",
                factor);
    }

    /// Reads `kind:factor`.
    ///
    /// @throws ConfigException if it is no such text
    public static PositionScale of(String text) {
        Matcher parts = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        require(parts.matches(), "a position scale is written kind:factor, as yarn:4; got %s", text);
        try {
            return new PositionScale(parts.group(1), Double.parseDouble(parts.group(2)));
        } catch (NumberFormatException noNumber) {
            throw ConfigException.of("a position scale is written kind:factor, as yarn:4; got %s", text);
        }
    }

    /// The stretched positions of a model.
    ///
    /// @param trained its positions in training
    /// @param context how many places they were
    /// @throws ConfigException if they are not plain rotary ones
    public PositionChoice stretch(PositionChoice trained, int context) {
        require(
                trained instanceof Positions.Rope,
                "%s stretches rope; the positions of this model are %s",
                kind,
                trained.getClass().getSimpleName());
        double theta = ((Positions.Rope) trained).theta();
        return switch (kind) {
            case "pi" -> new Positions.Interpolated(theta, factor);
            case "ntk" -> new Positions.NtkAware(theta, factor);
            case "dynamic-ntk" -> new Positions.DynamicNtk(theta, factor, context);
            case "yarn" -> new Positions.Yarn(theta, factor, context);
            case "llama3" -> new Positions.Llama3(theta, factor, context);
            case "longrope" -> new Positions.LongRope(theta, factor, context);
            default -> new Positions.DualChunk(theta, (int) factor, context);
        };
    }
}
