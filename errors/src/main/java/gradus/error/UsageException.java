package gradus.error;

/// A command line that cannot be carried out. Names the argument; the program ends with exit code 2.
public final class UsageException extends GradusException {

    public UsageException(String message) {
        this(message, null);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
