package gradus.error;

/// Training data cannot be used. Names the file and line.
public final class DataException extends GradusException {

    public DataException(String message) {
        this(message, null);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
