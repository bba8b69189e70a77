package gradus.lessons.alibi;

/// How fast each head of ALiBi forgets.
public final class AlibiSlopes {
    private AlibiSlopes() {}

    /// The slope of each of H heads. If H is a power of two, head h = 0, 1, …, H - 1 has
    ///
    /// `m_h = 2^(-8(h+1)/H)`
    ///
    /// so the last one has `2^-8`. Otherwise let p be the largest power of two below H. The first p heads
    /// have the slopes of p heads; the other H - p take, in order, every second slope of those for 2p heads:
    /// the first, the third, the fifth, ….
    ///
    /// @param heads H, 1 or more
    public static double[] slopes(int heads) {
        // --- your answer
        int power = Integer.highestOneBit(heads);
        double[] slopes = new double[heads];
        for (int h = 0; h < power; h++) {
            slopes[h] = Math.pow(2, -8.0 * (h + 1) / power);
        }
        for (int h = power; h < heads; h++) {
            int place = 2 * (h - power); // among 2·power slopes
            slopes[h] = Math.pow(2, -8.0 * (place + 1) / (2 * power));
        }
        return slopes;
        // ---
    }
}
