package gradus.error;

/// A weights or checkpoint file is damaged or not what it claims to be. Names the file and offset.
public final class CorruptCheckpointException extends GradusException {

    public CorruptCheckpointException(String message) {
        this(message, null);
    }

    public CorruptCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
