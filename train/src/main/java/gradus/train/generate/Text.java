package gradus.train.generate;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// A text that grows, token by token.
final class Text {
    private final Rng rng;
    private final int start;
    private int[] ids;
    private int length;

    /// @param rng random numbers for the choice of tokens: token i uses number i
    Text(int[] prompt, Rng rng) {
        this.rng = rng;
        this.start = prompt.length;
        this.ids = prompt.clone();
        this.length = start;
    }

    int length() {
        return length;
    }

    /// How many tokens have been added.
    int added() {
        return length - start;
    }

    int[] addedTokens() {
        return Arrays.copyOfRange(ids, start, length);
    }

    /// The last tokens, at most a given number.
    int[] last(int count) {
        return Arrays.copyOfRange(ids, Math.max(0, length - count), length);
    }

    /// Picks the next token.
    int grow(Sampling sampling, double[] logits) {
        return draw(sampling, logits).token;
    }

    /// A token, and the logarithm of the probability that it had among those that could be drawn.
    record Draw(int token, double logProbability) {}

    /// Picks the next token, and says how probable it was.
    Draw draw(Sampling sampling, double[] logits) {
        double[] distribution = sampling.distribution(logits, Arrays.copyOf(ids, length));
        int token = Sampling.pick(distribution, rng.uniform(added()));
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = token;
        return new Draw(token, Math.log(distribution[token]));
    }
}
