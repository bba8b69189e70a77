package gradus.lessons.learn.compile;

import java.util.List;
import java.util.Map;

/// What the compiler made of some text.
///
/// @param classes  name → class file; empty if there are problems
/// @param problems what is wrong with the text, in order
public record Compiled(Map<String, byte[]> classes, List<Problem> problems) {
    /// One thing that is wrong.
    ///
    /// @param line    the line, 0 if it is about the whole file
    /// @param message in the compiler's words
    public record Problem(long line, String message) {}

    public boolean failed() {
        return classes.isEmpty();
    }
}
