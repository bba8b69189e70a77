package gradus.train.generate;

import static gradus.error.ConfigException.require;

import java.util.List;

/// Ends a text before the first stop string in it. The text comes in pieces, so characters that could be the
/// beginning of a stop string are held back until it is known that they are not.
public final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean stopped;

    /// @throws gradus.error.ConfigException if a string is empty
    public StopStrings(List<String> stops) {
        require(
                stops != null && stops.stream().allMatch(stop -> stop != null && !stop.isEmpty()),
                "stop strings must have at least one character; got %s",
                stops);
        this.stops = List.copyOf(stops);
    }

    /// Adds the next piece of the text.
    ///
    /// @return the characters that can now be shown
    public String accept(String piece) {
        if (stopped) {
            return "";
        }
        held.append(piece);
        int end = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            end = at >= 0 && (end < 0 || at < end) ? at : end;
        }
        stopped = end >= 0;
        return take(stopped ? end : held.length() - beginning());
    }

    /// How many of the last characters could be the beginning of a stop string.
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
                if (stop.startsWith(held.substring(held.length() - n))) {
                    longest = n;
                }
            }
        }
        return longest;
    }

    private String take(int count) {
        String text = held.substring(0, count);
        held.delete(0, count);
        return text;
    }

    /// Whether a stop string has been found.
    public boolean stopped() {
        return stopped;
    }

    /// The characters that are still held back. Show them when the text ends by itself; empty if a stop
    /// string ended it.
    public String finish() {
        return stopped ? "" : take(held.length());
    }
}
