package gradus.train.rl.verifiable;

/// How good an answer is.
///
/// @param wellFormed whether it has the form of an answer, be it right or wrong
/// @param right      whether it is the truth; then it is well formed too
public record Grade(boolean wellFormed, boolean right) {
    /// Not even an answer.
    public static final Grade NOTHING = new Grade(false, false);
}
