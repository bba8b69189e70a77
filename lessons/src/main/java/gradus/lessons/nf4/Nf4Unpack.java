package gradus.lessons.nf4;

/// From bytes and scales back to weights.
public final class Nf4Unpack {
    private Nf4Unpack() {}

    /// Two codes share a byte: the first one lies in its **high** four bits, the second in the low ones. Code i
    /// of all is level `levels[code]` times the scale of its block, `scales[i / block]`, and is the number at
    /// place i of the matrix, counted row after row. With an odd number of codes the last low half means nothing.
    ///
    /// A `byte` of Java is signed: 0xF3 is -13. Shifted right it stays negative.
    ///
    /// @param packed ⌈rows·columns / 2⌉ bytes
    /// @param levels 16 numbers
    public static double[][] unpack(byte[] packed, double[] scales, int rows, int columns, int block, double[] levels) {
        double[][] weight = new double[rows][columns];
        // --- your answer
        for (int i = 0; i < rows * columns; i++) {
            int pair = packed[i / 2] & 0xFF;
            int code = i % 2 == 0 ? pair >> 4 : pair & 0xF;
            weight[i / columns][i % columns] = levels[code] * scales[i / block];
        }
        return weight;
        // ---
    }
}
