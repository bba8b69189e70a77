package gradus.train.rl;

import static gradus.error.ConfigException.require;

import java.util.Arrays;

/// What a model wrote behind a prompt.
///
/// It has at least one token: a model that has nothing to say writes the token that ends a text, and that
/// choice is trained like any other. A completion that never ends is cut at the limit, and [#ended] is false.
///
/// @param tokens           what was drawn, with the token that ends a text if it came
/// @param logProbabilities for each token, the logarithm of its probability in the distribution that it was
///                         drawn from
/// @param ended            whether the model ended it, rather than the limit
public record Completion(int[] tokens, double[] logProbabilities, boolean ended) {

    /// @throws gradus.error.ConfigException if there is no token, or not one log-probability for each
    public Completion {
        require(
                tokens.length >= 1 && tokens.length == logProbabilities.length,
                "a completion must have at least one token, and a log-probability for each; got %d and %d",
                tokens.length,
                logProbabilities.length);
    }

    /// How many tokens were drawn.
    public int length() {
        return tokens.length;
    }

    /// The tokens without the one that ends a text: none for an empty answer.
    public int[] answer() {
        return ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens.clone();
    }

    /// The logarithm of the probability of all of it.
    public double logProbability() {
        return Arrays.stream(logProbabilities).sum();
    }
}
