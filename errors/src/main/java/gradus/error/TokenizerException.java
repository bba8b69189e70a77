package gradus.error;

/// Text, ids, a vocabulary or a tokenizer file cannot be used. Names the file, line or id.
public final class TokenizerException extends GradusException {

    public TokenizerException(String message) {
        this(message, null);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
