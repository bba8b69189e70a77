package gradus.tensor.quant;

import java.util.Arrays;

/// 256 levels from -0.993 to 1 that are fine near 0 and coarse near ±1: a byte as a sign, a decimal exponent
/// from -6 to 0 in unary, and a fraction in the bits that are left. The more negative the exponent, the fewer
/// bits are left.
///
/// For i = 0 … 6: the means of neighbours among 2ⁱ + 1 equal steps from 0.1 to 1, times 10^(i-6), with both
/// signs; and 0 and 1.
///
/// Dettmers 2015, "8-bit approximations for parallelism in deep learning", arXiv:1511.04561; in float32 as
/// PyTorch's `linspace` computes the steps, so that it equals bitsandbytes' map to the bit.
public final class DynamicMap {
    private static final int EXPONENTS = 7;

    private DynamicMap() {}

    /// The levels, rising.
    public static float[] levels() {
        float[] levels = new float[256]; // the last two stay 0 and become 0 and 1
        int count = 0;
        for (int i = 0; i < EXPONENTS; i++) {
            float power = (float) Math.pow(10, i - 6);
            int steps = 1 << i;
            for (int j = 0; j < steps; j++) {
                float mean = (step(j, steps) + step(j + 1, steps)) / 2;
                levels[count++] = power * mean;
                levels[count++] = -(power * mean);
            }
        }
        levels[count] = 1;
        Arrays.sort(levels);
        return levels;
    }

    /// Boundary j of so many steps, counted from the nearer end as PyTorch does, with one rounding.
    private static float step(int j, int steps) {
        float width = (1 - 0.1f) / steps;
        return j < (steps + 1) / 2 ? Math.fma(width, j, 0.1f) : Math.fma(-width, steps - j, 1f);
    }
}
