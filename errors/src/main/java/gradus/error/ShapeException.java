package gradus.error;

import java.util.Locale;

/// A tensor operation was given shapes, axes, dtypes or tensors that do not fit it. Names the operation and
/// the shapes.
public final class ShapeException extends GradusException {

    public ShapeException(String message) {
        this(message, null);
    }

    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }

    /// With the message formatted, its numbers alike in every locale.
    public static ShapeException of(String message, Object... arguments) {
        return new ShapeException(String.format(Locale.ROOT, message, arguments));
    }

    /// Throws with the formatted message unless the condition holds.
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw of(message, arguments);
        }
    }

    /// Throws unless an argument of an operation is there.
    public static void given(Object argument, String operation, String name) {
        if (argument == null) {
            throw of("%s: %s must be given; got null", operation, name);
        }
    }
}
