package gradus.train.run;

import java.util.Locale;

/// A line that tells something, with its numbers written as all of this program writes them, whatever the language of
/// the machine.
public final class Line {
    private Line() {}

    public static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
