package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

/// How large a [Pupil] is.
///
/// @param context the longest prompt with its answer, in tokens
/// @param layers  L
/// @param dim     C, channels; a multiple of 4
public record PupilSize(int context, int layers, int dim) {
    /// Attention heads of a layer.
    static final int HEADS = 4;

    /// @throws gradus.error.ConfigException if channels do not divide over heads
    public PupilSize {
        require(dim % HEADS == 0, "dim must be a multiple of %d heads; got %d", HEADS, dim);
    }
}
