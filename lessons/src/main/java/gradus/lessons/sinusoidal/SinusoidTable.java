package gradus.lessons.sinusoidal;

/// The positions of the first transformer: waves of many lengths.
public final class SinusoidTable {
    private SinusoidTable() {}

    /// One row of C numbers for each of the positions 0, 1, …, length - 1. Columns `2i` and `2i + 1` are the
    /// sine and the cosine of one angle, for `i` from 0 to C/2 - 1:
    ///
    /// - `table[t][2i] = sin(t·θᵢ)`
    /// - `table[t][2i + 1] = cos(t·θᵢ)`
    /// - `θᵢ = 10000^(-2i/C)`
    ///
    /// @param length   how many positions, 1 or more
    /// @param channels C, even
    public static double[][] table(int length, int channels) {
        // --- your answer
        double[][] table = new double[length][channels];
        for (int t = 0; t < length; t++) {
            for (int i = 0; i < channels / 2; i++) {
                double angle = t * Math.pow(10_000, -2.0 * i / channels);
                table[t][2 * i] = Math.sin(angle);
                table[t][2 * i + 1] = Math.cos(angle);
            }
        }
        return table;
        // ---
    }
}
