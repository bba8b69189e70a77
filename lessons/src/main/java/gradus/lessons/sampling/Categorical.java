package gradus.lessons.sampling;

/// Draws from a list of probabilities, by the inverse of their running sums.
public final class Categorical {
    private Categorical() {}

    /// The first number up to which the probabilities add up to more than what was drawn from [0, 1). What has
    /// the probability 0 is never drawn, though rounding may leave the sum below 1.
    ///
    /// **Shapes** probs (N) → 0 … N - 1
    ///
    /// @param uniform drawn from [0, 1)
    public static int draw(double[] probs, double uniform) {
        double sum = 0;
        int last = 0;
        for (int i = 0; i < probs.length; i++) {
            if (probs[i] > 0) {
                sum += probs[i];
                last = i;
                if (uniform < sum) {
                    break;
                }
            }
        }
        return last;
    }
}
