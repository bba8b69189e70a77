package gradus.lessons.retrieve.reader;

import static gradus.error.ConfigException.require;

/// How a reader is trained.
///
/// @param copySteps steps on [CopyLessons]
/// @param steps     steps on [ReaderLessons]
/// @param seed      decides weights and lessons
public record ReaderPlan(int copySteps, int steps, long seed) {
    /// @throws gradus.error.ConfigException if a number is below 1
    public ReaderPlan {
        require(copySteps >= 1 && steps >= 1, "steps must be at least 1; got %d and %d", copySteps, steps);
    }

    /// The usual one.
    public static ReaderPlan defaults() {
        return new ReaderPlan(400, 2600, 1);
    }
}
