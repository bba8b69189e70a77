package gradus.error;

import java.util.Locale;

/// A configuration value lies outside its range. Names the field, the value and the range.
public final class ConfigException extends GradusException {

    public ConfigException(String message) {
        this(message, null);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }

    /// With the message formatted, its numbers alike in every locale.
    public static ConfigException of(String message, Object... arguments) {
        return new ConfigException(String.format(Locale.ROOT, message, arguments));
    }

    /// Throws with the formatted message unless the condition holds.
    public static void require(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw of(message, arguments);
        }
    }
}
