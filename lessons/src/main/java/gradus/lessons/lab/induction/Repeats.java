package gradus.lessons.lab.induction;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.task.Batch;
import java.util.Arrays;

/// Sequences in which a stretch of random tokens repeats until the end. The tokens of the stretch are drawn
/// independently and equally likely, and so is its length p, so that nothing tells what comes next but what
/// stood behind the same tokens before.
///
/// @param vocabulary V
/// @param shortest   the least p
/// @param longest    the greatest p; a sequence has 2·longest tokens, so that every stretch occurs twice
record Repeats(int vocabulary, int shortest, int longest) {

    /// @throws gradus.error.ConfigException if a number is out of range
    Repeats {
        require(vocabulary >= 2, "the vocabulary must be at least 2; got %d", vocabulary);
        require(
                shortest >= 3 && longest >= shortest,
                "the stretch must be at least 3 long, and at most not below that; got %d to %d",
                shortest,
                longest);
    }

    /// T.
    int length() {
        return 2 * longest;
    }

    /// Some sequences and their periods.
    ///
    /// @param tokens  (N, T)
    /// @param periods p of each
    record Rows(int[][] tokens, int[] periods) {
        /// The first ones.
        Rows first(int count) {
            return new Rows(
                    Arrays.copyOf(tokens, Math.min(count, tokens.length)),
                    Arrays.copyOf(periods, Math.min(count, periods.length)));
        }

        /// All tokens but the last of each.
        Indices inputs() {
            return ids(0); // (N, T - 1)
        }

        /// What follows each of them.
        Batch batch() {
            return new Batch(inputs(), ids(1));
        }

        private Indices ids(int from) {
            int time = tokens[0].length - 1;
            int[] ids = new int[tokens.length * time];
            for (int row = 0; row < tokens.length; row++) {
                System.arraycopy(tokens[row], from, ids, row * time, time);
            }
            return Indices.of(Shape.of(tokens.length, time), ids);
        }
    }

    /// Draws sequences.
    ///
    /// @param repeating whether the stretch repeats; else every token is drawn, and p says only where it would
    Rows draw(int count, boolean repeating, Rng rng) {
        int[][] tokens = new int[count][length()];
        int[] periods = new int[count];
        for (int row = 0; row < count; row++) {
            Rng own = rng.at(row);
            int period = shortest + own.index(0, longest - shortest + 1);
            periods[row] = period;
            for (int t = 0; t < length(); t++) {
                tokens[row][t] = repeating && t >= period ? tokens[row][t - period] : own.index(1 + t, vocabulary);
            }
        }
        return new Rows(tokens, periods);
    }

    /// What the exact predictor gives the token at a place, knowing the tokens before it: Bayes' rule over all
    /// periods. A period p that is not over yet, `t ≤ p`, explains t tokens with V^-t; one that is over explains
    /// them with V^-p, if they repeat.
    double probability(int[] tokens, int t) {
        double all = 0;
        double right = 0;
        for (int period = shortest; period <= longest; period++) {
            boolean fits = true;
            for (int i = period; fits && i < t; i++) {
                fits = tokens[i] == tokens[i - period];
            }
            if (fits) {
                double weight = Math.pow(vocabulary, t - Math.min(t, period)); // the same factor V^t for all
                all += weight;
                right += weight * (t < period ? 1.0 / vocabulary : tokens[t] == tokens[t - period] ? 1 : 0);
            }
        }
        return right / all;
    }
}
