package gradus.lessons.sinusoidal;

/// From one position's numbers to those further on, without being told the position.
public final class StepAhead {
    private StepAhead() {}

    /// `row` is the row of some position t in the sinusoidal table: columns `2i` and `2i + 1` are `sin(t·θᵢ)` and
    /// `cos(t·θᵢ)` with `θᵢ = 10000^(-2i/C)`. The result is the row of position t + k. It can be computed without
    /// knowing t, by the rules for the sine and cosine of a sum:
    ///
    /// - `sin(a + b) = sin a·cos b + cos a·sin b`
    /// - `cos(a + b) = cos a·cos b - sin a·sin b`
    ///
    /// The row stays as it is; the result is a new array.
    ///
    /// @param row C numbers, C even
    /// @param k   how many positions further on; negative: back
    public static double[] shift(double[] row, int k) {
        // --- your answer
        double[] shifted = new double[row.length];
        for (int c = 0; c < row.length; c += 2) {
            double angle = k * Math.pow(10_000, -(double) c / row.length);
            shifted[c] = row[c] * Math.cos(angle) + row[c + 1] * Math.sin(angle);
            shifted[c + 1] = row[c + 1] * Math.cos(angle) - row[c] * Math.sin(angle);
        }
        return shifted;
        // ---
    }
}
