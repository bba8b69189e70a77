package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

/// How much the part `markov` trains and measures.
///
/// @param states   k of the chains
/// @param length   T of a sequence
/// @param dim      C, channels
/// @param training of each model
/// @param batch    sequences of a step
/// @param tests    sequences that a model is measured by
/// @param seeds    how often all of it is done
public record MarkovPlan(int states, int length, int dim, Training training, int batch, int tests, int seeds) {
    /// @throws gradus.error.ConfigException if there is no sequence or no seed
    public MarkovPlan {
        require(
                batch >= 1 && tests >= 1 && seeds >= 1,
                "there must be a sequence of a step, one to measure by and a seed at least; got %d, %d and %d",
                batch,
                tests,
                seeds);
    }

    /// Three states, 48 tokens.
    public static MarkovPlan standard(int seeds) {
        return new MarkovPlan(3, 48, 32, new Training(600, 3e-3), 32, 128, seeds);
    }
}
