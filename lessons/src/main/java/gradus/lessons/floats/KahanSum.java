package gradus.lessons.floats;

/// A sum that remembers what rounding took from it.
public final class KahanSum {
    private KahanSum() {}

    /// The sum of many float32 numbers of the same sign, computed in float32 only. Added up plainly, small
    /// numbers are lost as soon as the sum is large: 16,777,216 + 1 is 16,777,216. Kahan's sum keeps what was
    /// lost, and takes it into account with the next number:
    ///
    /// - `y = value - lost`
    /// - `next = sum + y`
    /// - `lost = (next - sum) - y`: what was really added, less what should have been
    /// - `sum = next`
    ///
    /// The result must be right to a hundred-thousandth, however many numbers there are. No numbers: 0.
    public static float sum(float[] values) {
        // --- your answer
        float sum = 0;
        float lost = 0;
        for (int i = 0; i < values.length; i++) {
            float y = values[i] - lost;
            float next = sum + y;
            lost = (next - sum) - y;
            sum = next;
        }
        return sum;
        // ---
    }
}
