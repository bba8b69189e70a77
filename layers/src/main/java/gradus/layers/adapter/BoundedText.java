package gradus.layers.adapter;

import gradus.error.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text that a regular expression may look at a limited number of times, so that an expression from a file
/// cannot keep the program busy for ever: `(a+)+b` looks at a name of 30 letters a thousand million times.
final class BoundedText implements CharSequence {
    private static final int MOST_LOOKS = 1_000_000;

    private final String text;
    private int looks;

    BoundedText(String text) {
        this.text = text;
    }

    /// Whether the whole text matches.
    ///
    /// @throws ConfigException if finding out takes too long
    static boolean matches(Pattern pattern, String text) {
        return matcher(pattern, text).matches();
    }

    static Matcher matcher(Pattern pattern, String text) {
        return pattern.matcher(new BoundedText(text));
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw ConfigException.of("targets: a regular expression takes too long on the name \"%s\"", text);
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
