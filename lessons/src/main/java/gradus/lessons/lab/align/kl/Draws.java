package gradus.lessons.lab.align.kl;

/// Draws from a list of probabilities.
final class Draws {
    private Draws() {}

    /// The first answer up to which the probabilities add up to more than a number that was drawn from [0, 1).
    static int one(double[] probs, double uniform) {
        double left = uniform;
        int last = 0;
        for (int i = 0; i < probs.length; i++) {
            if (probs[i] > 0) {
                if (left < probs[i]) {
                    return i;
                }
                last = i;
            }
            left -= probs[i];
        }
        return last; // probabilities add up to 1 but for rounding
    }
}
