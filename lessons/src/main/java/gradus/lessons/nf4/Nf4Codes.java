package gradus.lessons.nf4;

/// From weights to the numbers of levels, block by block.
public final class Nf4Codes {
    private Nf4Codes() {}

    /// The matrix is taken as **one long row**, row after row, and that is cut into blocks of `block` numbers.
    /// A block may begin in one row and end in another; the last block may be shorter.
    ///
    /// A block's scale is the largest **magnitude** in it. Each number of the block, divided by the scale, gets
    /// the index of the nearest level; exactly between two levels, the lower one. In a block of zeros every
    /// number gets the index of the level 0.
    ///
    /// @param weight rows of equal length
    /// @param block  1 or more
    /// @param levels rising, from -1 to 1, the level 0 among them
    /// @return one index for each number, row after row
    public static int[] codes(double[][] weight, int block, double[] levels) {
        int columns = weight[0].length;
        int[] codes = new int[weight.length * columns];
        // --- your answer
        for (int from = 0; from < codes.length; from += block) {
            int to = Math.min(from + block, codes.length);
            double scale = 0;
            for (int i = from; i < to; i++) {
                scale = Math.max(scale, Math.abs(weight[i / columns][i % columns]));
            }
            for (int i = from; i < to; i++) {
                double x = scale == 0 ? 0 : weight[i / columns][i % columns] / scale;
                int nearest = 0;
                for (int level = 1; level < levels.length; level++) {
                    if (Math.abs(x - levels[level]) < Math.abs(x - levels[nearest])) {
                        nearest = level;
                    }
                }
                codes[i] = nearest;
            }
        }
        return codes;
        // ---
    }
}
