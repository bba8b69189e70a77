package gradus.lessons.learn.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the compiler made of some text.
///
/// @param classes  name → class file; empty if there are problems
/// @param problems what is wrong with the text, in order
public record Compiled(Map<String, byte[]> classes, List<Problem> problems) {
    /// One thing that is wrong.
    ///
    /// @param kind    what the rule is that it breaks
    /// @param line    the line, 0 if it is about the whole file
    /// @param message what is wrong, in plain words
    public record Problem(Kind kind, long line, String message) {}

    /// The rules that an answer may break.
    public enum Kind {
        /// It is not Java.
        ERROR,
        /// A method, constructor or class is not as the exercise says.
        SIGNATURE,
        /// It calls what does the learner's work.
        FORBIDDEN,
        /// A method calls itself at every call.
        ENDLESS
    }

    public boolean failed() {
        return classes.isEmpty();
    }

    /// The full name of the class with this simple name.
    public Optional<String> named(String simpleName) {
        return classes.keySet().stream()
                .filter(name -> name.equals(simpleName) || name.endsWith("." + simpleName))
                .findFirst();
    }
}
