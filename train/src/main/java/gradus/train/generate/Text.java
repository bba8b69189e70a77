package gradus.train.generate;

import gradus.tensor.random.Rng;
import java.util.Arrays;

/// A text that grows, token by token.
final class Text {
    private final Rng rng;
    private final int start;
    private final Constraint.Progress progress; // or null
    private int[] ids;
    private int length;

    /// @param rng random numbers for the choice of tokens: token i uses number i
    Text(int[] prompt, Rng rng) {
        this(prompt, rng, null);
    }

    /// @param constraint what may be added, or null for all
    Text(int[] prompt, Rng rng, Constraint constraint) {
        this.progress = constraint == null ? null : constraint.begin();
        this.rng = rng;
        this.start = prompt.length;
        this.ids = prompt.clone();
        this.length = start;
    }

    int length() {
        return length;
    }

    /// Whether its constraint allows any token.
    boolean mayGoOn() {
        return progress == null || !progress.allowed().isEmpty();
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
        if (progress != null) {
            Drawable.masked(new double[][] {logits}, progress.allowed()::get);
        }
        double[] distribution = sampling.distribution(logits, Arrays.copyOf(ids, length));
        int token = Sampling.pick(distribution, rng.uniform(added()));
        add(token);
        return new Draw(token, Math.log(distribution[token]));
    }

    /// Adds a token that was chosen elsewhere.
    void add(int token) {
        if (progress != null) {
            progress.accept(token);
        }
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = token;
    }
}
