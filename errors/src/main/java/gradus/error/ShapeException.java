package gradus.error;

/// A tensor operation was given shapes, axes, dtypes or tensors that do not fit it. Names the operation and the shapes.
public final class ShapeException extends GradusException {

    public ShapeException(String message) {
        this(message, null);
    }

    public ShapeException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Throws with the formatted message unless the condition holds.
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new ShapeException(message.formatted(arguments));
        }
    }
}
