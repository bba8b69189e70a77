package gradus.lessons.initialisation;

/// How large random weights are at first.
public final class InitialDeviation {
    private InitialDeviation() {}

    /// The standard deviation of the entries of a matrix that takes `in` numbers to `out` numbers:
    ///
    /// | rule | deviation |
    /// |---|---|
    /// | `"lecun"` | `√(1/in)` |
    /// | `"he"` | `√(2/in)`, for ReLU |
    /// | `"xavier"` | `√(2/(in + out))` |
    /// | `"small"` | `√(2/(5·in))` |
    /// | `"output"` | the small one divided by `√(2·layers)`: the last matrix of a residual branch |
    ///
    /// @param rule   one of the five
    /// @param layers L, blocks of the model, each of which has two residual branches; only `"output"` needs it
    /// @throws IllegalArgumentException for any other rule
    public static double deviation(String rule, int in, int out, int layers) {
        // --- your answer
        return switch (rule) {
            case "lecun" -> Math.sqrt(1.0 / in);
            case "he" -> Math.sqrt(2.0 / in);
            case "xavier" -> Math.sqrt(2.0 / (in + out));
            case "small" -> Math.sqrt(2.0 / (5.0 * in));
            case "output" -> Math.sqrt(2.0 / (5.0 * in)) / Math.sqrt(2.0 * layers);
            default -> throw new IllegalArgumentException("no rule " + rule);
        };
        // ---
    }
}
