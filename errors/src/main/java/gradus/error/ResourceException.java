package gradus.error;

/// Memory, disk, permission or a lock ran out or was refused. Names the limit and how to raise it.
public final class ResourceException extends GradusException {

    public ResourceException(String message) {
        this(message, null);
    }

    public ResourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
