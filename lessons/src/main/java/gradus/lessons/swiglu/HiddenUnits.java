package gradus.lessons.swiglu;

/// How wide a gated network is, to cost as much as one without a gate.
public final class HiddenUnits {
    private HiddenUnits() {}

    /// Llama's rule for the number of hidden units F, in whole numbers throughout but for the multiplier:
    ///
    /// 1. Take two thirds of `4·C`, rounded down.
    /// 2. Multiply it by `multiplier`, and round down again.
    /// 3. Round up to the next multiple of `multipleOf`. A number that is one already stays.
    ///
    /// @param dim        C, 1 or more
    /// @param multiplier above 0
    /// @param multipleOf 1 or more
    public static int units(int dim, double multiplier, int multipleOf) {
        // --- your answer
        int twoThirds = 2 * 4 * dim / 3;
        int scaled = (int) (multiplier * twoThirds);
        return (scaled + multipleOf - 1) / multipleOf * multipleOf;
        // ---
    }
}
