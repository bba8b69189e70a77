package gradus.lessons.thoughts;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The moves of the game of 24.
public final class FractionMoves {
    private FractionMoves() {}

    /// What two numbers can become: `a + b`, `a − b`, `b − a`, `a · b`, `a ÷ b` and `b ÷ a`, **in this order**.
    /// Division by 0 is no move. A result that was there already is left out.
    ///
    /// Numbers are fractions, since doubles would not get 8 ÷ (3 − 8 ÷ 3) = 24 exactly. `{2, 3}` is 2/3; what
    /// stands below is above 0 for a and b. Results are written in lowest terms, with the sign in front: `2/3`,
    /// `-1/2`, `24`, `0`.
    ///
    /// @param a what stands above and below the line
    /// @param b the same of the other number
    public static List<String> results(long[] a, long[] b) {
        // --- your answer
        long below = a[1] * b[1];
        long difference = a[0] * b[1] - b[0] * a[1];
        long[][] all = {
            {a[0] * b[1] + b[0] * a[1], below},
            {difference, below},
            {-difference, below},
            {a[0] * b[0], below},
            {a[0] * b[1], a[1] * b[0]},
            {a[1] * b[0], a[0] * b[1]}
        };
        Set<String> results = new LinkedHashSet<>();
        for (long[] each : all) {
            if (each[1] != 0) {
                long divisor = divisor(each[0], each[1]) * (each[1] < 0 ? -1 : 1);
                each[0] /= divisor;
                each[1] /= divisor;
                results.add(each[1] == 1 ? "" + each[0] : each[0] + "/" + each[1]);
            }
        }
        return List.copyOf(results);
        // ---
    }

    /// Given: the greatest number that divides both, above 0 if they are not both 0.
    private static long divisor(long a, long b) {
        return b == 0 ? Math.abs(a) : divisor(b, a % b);
    }
}
