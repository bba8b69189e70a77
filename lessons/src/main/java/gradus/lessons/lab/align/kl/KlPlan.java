package gradus.lessons.lab.align.kl;

import static gradus.error.ConfigException.require;

/// How much part (d) draws.
///
/// @param seeds  runs of each kind
/// @param draws  of an estimate
/// @param length tokens of an answer, of two kinds
/// @param steps  of a training
public record KlPlan(int seeds, int draws, int length, int steps) {

    /// @throws gradus.error.ConfigException if a number is too small
    public KlPlan {
        require(
                seeds >= 2 && draws >= 1 && length >= 1 && steps >= 4,
                "there must be 2 seeds, a draw, a token and 4 steps at least; got %d, %d, %d and %d",
                seeds,
                draws,
                length,
                steps);
    }

    /// Six seeds, 64 answers of six tokens.
    public static KlPlan standard() {
        return new KlPlan(6, 1000, 6, 300);
    }
}
