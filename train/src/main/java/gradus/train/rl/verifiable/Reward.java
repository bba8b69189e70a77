package gradus.train.rl.verifiable;

import static gradus.error.ConfigException.require;

/// What is paid for a grade.
@FunctionalInterface
public interface Reward {

    /// @param question that was asked
    /// @param answer   what the model wrote, without the end
    /// @param grade    of the answer
    /// @param ended    whether the model ended it, rather than the limit
    double of(Question question, String answer, Grade grade, boolean ended);

    /// A text that tells this reward from any other, by which a resume recognises it. One that does not say so
    /// is like any other of one's own.
    default String fingerprint() {
        return "own";
    }

    /// A part for the form and a part for the truth. An answer that did not end gets neither: what is not over
    /// is no answer yet.
    ///
    /// @param format paid for a well-formed answer
    /// @param answer paid on top for the right one
    /// @throws gradus.error.ConfigException if a part is negative or not finite
    static Reward of(double format, double answer) {
        require(
                format >= 0 && answer >= 0 && Double.isFinite(format + answer),
                "the parts of a reward must be numbers of at least 0; got %s for the format and %s for the answer",
                format,
                answer);
        return new Reward() {
            @Override
            public double of(Question question, String text, Grade grade, boolean ended) {
                return ended ? (grade.wellFormed() ? format : 0) + (grade.right() ? answer : 0) : 0;
            }

            @Override
            public String fingerprint() {
                return format + "+" + answer;
            }
        };
    }

    /// 1 for the right answer, 0 for anything else.
    static Reward exactMatch() {
        return of(0, 1);
    }
}
