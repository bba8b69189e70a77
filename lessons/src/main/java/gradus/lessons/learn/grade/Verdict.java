package gradus.lessons.learn.grade;

import java.util.List;

/// What the grader says of an answer.
///
/// @param kind     what happened
/// @param sentence the mistake in one sentence, or that it is right
/// @param details  lines to look at: the smallest probe that shows it, what was expected, what came
public record Verdict(Kind kind, String sentence, List<String> details) {
    /// What happened to the answer.
    public enum Kind {
        /// All probes agree with the right answer.
        PASSED,
        /// It gives what a mistake of the bank gives, and its sentence says which.
        NAMED,
        /// It is wrong in a way of its own.
        WRONG,
        /// It is not written yet.
        UNWRITTEN,
        /// It does not compile, or its methods are not those of the exercise.
        UNCOMPILED,
        /// It calls what it must not.
        FORBIDDEN,
        /// It took more time or memory than it may.
        LIMIT,
        /// It ended the process that tried it out.
        DIED
    }

    public static Verdict of(Kind kind, String sentence, String... details) {
        return new Verdict(kind, sentence, List.of(details));
    }

    public boolean passed() {
        return kind == Kind.PASSED;
    }
}
