package gradus.lessons.floats;

/// Whether a product of matrices waits for its numbers or for its sums.
public final class MatmulTime {
    private MatmulTime() {}

    /// The least time, in seconds, that a GPU needs for the product of an (m, k) and a (k, n) matrix:
    ///
    /// - It computes `m·k·n` multiplications and as many additions, at `flops` operations a second.
    /// - It reads both matrices once and writes the (m, n) result once, with `bytes` bytes a number, at
    ///   `bandwidth` bytes a second.
    ///
    /// Both go on at the same time, so the longer of the two counts. Mind that `m·k·n` may be larger than an
    /// `int`.
    ///
    /// @param bytes     of one number: 4 for float32, 2 for bfloat16
    /// @param flops     operations a second, each multiplication and each addition counted
    /// @param bandwidth bytes a second
    public static double seconds(int m, int k, int n, int bytes, double flops, double bandwidth) {
        // --- your answer
        double computing = 2.0 * m * k * n / flops;
        double numbers = (double) m * k + (double) k * n + (double) m * n;
        double moving = bytes * numbers / bandwidth;
        return Math.max(computing, moving);
        // ---
    }
}
