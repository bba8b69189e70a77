package gradus.lessons.lab.fit;

/// What came of a run.
///
/// @param parameters N
/// @param tokens     D
/// @param loss       L of held-out text, in nats a token
public record Measured(double parameters, double tokens, double loss) {
    private static final double OPERATIONS = 6;

    /// C = 6·N·D.
    public double operations() {
        return OPERATIONS * parameters * tokens;
    }
}
