package gradus.lessons.lab.prompt.addition;

import gradus.tensor.random.Rng;

/// Pairs of numbers to be added. Those of which `(a + 3·b) mod 8` is 0 are held out.
///
/// @param digits of each number, at most 8
public record AdditionPairs(int digits) {
    private static final int PART = 8; // one pair of so many is held out

    /// Two numbers.
    public record Pair(int a, int b) {
        /// Whether it is only measured with.
        public boolean isHeldOut() {
            return (a + 3 * b) % PART == 0;
        }

        /// What is asked, such as `457+268=`.
        public String prompt() {
            return a + "+" + b + "=";
        }
    }

    /// One of either kind.
    ///
    /// @param rng draws it
    public Pair pair(Rng rng, boolean heldOut) {
        int smallest = (int) Math.pow(10, digits - 1);
        for (int draw = 0; ; draw++) {
            Pair pair = new Pair(
                    smallest + rng.at(draw).index(0, 9 * smallest),
                    smallest + rng.at(draw).index(1, 9 * smallest));
            if (pair.isHeldOut() == heldOut) {
                return pair;
            }
        }
    }
}
