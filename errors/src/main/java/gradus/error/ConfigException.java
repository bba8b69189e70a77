package gradus.error;

/// A configuration value lies outside its range. Names the field, the value and the range.
public final class ConfigException extends GradusException {

    public ConfigException(String message) {
        this(message, null);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    /// Throws with the formatted message unless the condition holds.
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new ConfigException(message.formatted(arguments));
        }
    }
}
