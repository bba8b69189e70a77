package gradus.train;

import static gradus.error.ConfigException.require;

import java.util.Arrays;

/// Tokens to train on and tokens held back to see how well that went.
///
/// @param train      in their order
/// @param validation in their order; may be empty
public record Split(int[] train, int[] validation) {

    /// Holds back the last part of the tokens.
    ///
    /// @param fraction of the tokens to hold back, in [0, 1)
    /// @throws gradus.error.ConfigException if it is out of range
    public static Split holdOut(int[] tokens, double fraction) {
        require(fraction >= 0 && fraction < 1, "the part to hold back must be in [0, 1); got %s", fraction);
        int cut = (int) (tokens.length * (1 - fraction));
        return new Split(Arrays.copyOf(tokens, cut), Arrays.copyOfRange(tokens, cut, tokens.length));
    }
}
