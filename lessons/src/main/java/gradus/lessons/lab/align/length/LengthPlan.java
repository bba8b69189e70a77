package gradus.lessons.lab.align.length;

import static gradus.error.ConfigException.require;

/// How much part (b) draws.
///
/// @param seeds      runs of each kind
/// @param prompts    groups of an iteration
/// @param gradients  iterations whose gradient is measured at each probability of ending
/// @param iterations of each training
/// @param windows    parts of a training for which lengths are averaged
public record LengthPlan(int seeds, int prompts, int gradients, int iterations, int windows) {
    /// Answers to a prompt.
    static final int GROUP = 8;
    /// The most tokens of an answer.
    static final int LIMIT = 24;

    /// @throws gradus.error.ConfigException if a number is too small, or iterations are no multiple of windows
    public LengthPlan {
        require(
                seeds >= 2 && prompts >= 1 && gradients >= 1 && windows >= 2,
                "there must be 2 seeds, a prompt, a gradient and 2 windows at least; got %d, %d, %d and %d",
                seeds,
                prompts,
                gradients,
                windows);
        require(
                iterations >= windows && iterations % windows == 0,
                "iterations must be a multiple of the %d windows; got %d",
                windows,
                iterations);
    }

    /// Five seeds of about a second each.
    public static LengthPlan standard() {
        return new LengthPlan(5, 24, 10, 80, 10);
    }
}
