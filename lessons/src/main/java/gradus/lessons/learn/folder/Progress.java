package gradus.lessons.learn.folder;

import gradus.error.DataException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// How far a learner has come, as the file `progress.txt` says: one line for each exercise that was begun,
/// and the exercise that is at hand.
///
/// @param now     the exercise at hand, as in `softmax/Softmax`; empty before the first
/// @param entries exercise → what is known of it, in the order in which they were begun
public record Progress(String now, Map<String, Entry> entries) {
    private static final String ROW = "%-40s %-9s %-6s %s";
    private static final String NOW = "now:";

    /// What became of an exercise.
    public enum State {
        OPEN,
        SOLVED,
        /// The answer was shown before it was solved.
        GIVEN_UP;

        /// As it stands in the file and in lists.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<State> of(String text) {
            for (State state : values()) {
                if (state.toString().equals(text)) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }
    }

    /// @param hints how many hints were shown
    /// @param date  when it came to be in this state
    public record Entry(State state, int hints, LocalDate date) {
        public static final Entry NONE = new Entry(State.OPEN, 0, null);
    }

    public Progress {
        entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    public static Progress none() {
        return new Progress("", Map.of());
    }

    public Entry of(String exercise) {
        return entries.getOrDefault(exercise, Entry.NONE);
    }

    public Progress with(String exercise, Entry entry) {
        Map<String, Entry> more = new LinkedHashMap<>(entries);
        more.put(exercise, entry);
        return new Progress(now, more);
    }

    public Progress at(String exercise) {
        return new Progress(exercise, entries);
    }

    /// What stands in the file.
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by gradus learn.");
        lines.add(String.format(Locale.ROOT, ROW, "# exercise", "state", "hints", "since"));
        entries.forEach((exercise, entry) ->
                lines.add(String.format(Locale.ROOT, ROW, exercise, entry.state(), entry.hints(), entry.date())
                        .strip()));
        if (!now.isEmpty()) {
            lines.add(NOW + " " + now);
        }
        return String.join("\n", lines) + "\n";
    }

    /// @param name how the file is called in messages
    /// @throws DataException if a line is none that [#text] writes
    public static Progress parse(String name, String text) {
        Progress progress = none();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith(NOW)) {
                progress = progress.at(line.substring(NOW.length()).strip());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                String[] words = line.split("\\s+");
                String where = name + " line " + (i + 1);
                progress = progress.with(words[0], entry(words, where));
            }
        }
        return progress;
    }

    private static Entry entry(String[] words, String where) {
        if (words.length != 4) {
            throw new DataException(where + " must hold exercise, state, hints and date");
        }
        State state = State.of(words[1])
                .orElseThrow(() ->
                        new DataException(where + ": the state must be open, solved or given-up; got " + words[1]));
        try {
            return new Entry(state, Integer.parseInt(words[2]), LocalDate.parse(words[3]));
        } catch (NumberFormatException e) {
            throw new DataException(where + ": the hints must be a number; got " + words[2], e);
        } catch (DateTimeParseException e) {
            throw new DataException(where + ": the date must be as in 2026-11-26; got " + words[3], e);
        }
    }
}
