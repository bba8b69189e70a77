package gradus.error;

/// Training ran into numbers that are not finite. Names the step and the tensor.
public final class NumericException extends GradusException {

    public NumericException(String message) {
        this(message, null);
    }

    public NumericException(String message, Throwable cause) {
        super(message, cause);
    }
}
