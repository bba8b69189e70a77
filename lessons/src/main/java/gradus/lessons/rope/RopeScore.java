package gradus.lessons.rope;

/// What remains of two positions once the product of query and key is taken: their distance.
public final class RopeScore {
    private RopeScore() {}

    /// The product of a query q that stands at position m and a key k that stands at position n, after both are
    /// rotated: `(R_m·q)·(R_n·k) = q·(R_{n-m}·k)`. It is not divided by √D.
    ///
    /// Pair i is made of the channels `i` and `i + D/2`, and R_p turns it by `p·θᵢ` with `θᵢ = base^(-2i/D)`: the
    /// channels a and b become `a·cos - b·sin` and `b·cos + a·sin`. The query may stand before or behind the key.
    ///
    /// @param q D numbers, D even
    /// @param k D numbers
    /// @param m the query's position
    /// @param n the key's position
    public static double score(double[] q, double[] k, int m, int n, double base) {
        // --- your answer
        int half = q.length / 2;
        double score = 0;
        for (int i = 0; i < half; i++) {
            double angle = (n - m) * Math.pow(base, -2.0 * i / q.length);
            double along = q[i] * k[i] + q[i + half] * k[i + half];
            double across = q[i + half] * k[i] - q[i] * k[i + half];
            score += along * Math.cos(angle) + across * Math.sin(angle);
        }
        return score;
        // ---
    }
}
