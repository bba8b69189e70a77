package gradus.error;

/// A sound checkpoint does not belong to this model. Names the tensor or field that differs.
public final class CheckpointMismatchException extends GradusException {

    public CheckpointMismatchException(String message) {
        this(message, null);
    }

    public CheckpointMismatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
