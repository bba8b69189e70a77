package gradus.lessons.lab.align.length;

import gradus.tensor.random.Rng;
import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A question whose answer is one token, [#RIGHT] or any other, after which one may talk for as long as one
/// likes: only the first token counts. So nothing is gained by talking and nothing by silence, and a length that
/// changes is the doing of the algorithm.
///
/// It remembers what it graded, in the order of training.
public final class Talk implements Environment {
    /// The question.
    public static final int ASKED = 0;
    /// The right answer.
    public static final int RIGHT = 1;
    /// A wrong one.
    public static final int WRONG = 2;
    /// Ends an answer.
    public static final int END = 3;

    private final Rng coin; // or null
    private final List<Graded> graded = new ArrayList<>();

    /// An answer that was graded.
    ///
    /// @param right  whether its first token is [#RIGHT]
    /// @param length in tokens, with the one that ends it
    public record Graded(boolean right, int length) {}

    private Talk(Rng coin) {
        this.coin = coin;
    }

    /// Pays 1 for a right answer and 0 for a wrong one.
    public static Talk paid() {
        return new Talk(null);
    }

    /// Pays 1 or 0 as a coin falls, whatever the answer is.
    public static Talk byCoin(Rng rng) {
        return new Talk(rng);
    }

    /// What was graded so far.
    public List<Graded> graded() {
        return Collections.unmodifiableList(graded);
    }

    @Override
    public Problem problem(long number) {
        return new Problem() {
            @Override
            public int[] prompt() {
                return new int[] {ASKED};
            }

            @Override
            public double reward(Completion completion) {
                boolean right = completion.tokens()[0] == RIGHT;
                graded.add(new Graded(right, completion.length()));
                boolean pay = coin == null ? right : coin.uniform(graded.size()) < 0.5;
                return pay ? 1 : 0;
            }

            @Override
            public String toString() {
                return "the question";
            }
        };
    }

    @Override
    public List<Problem> heldOut() {
        return List.of();
    }

    @Override
    public int end() {
        return END;
    }

    @Override
    public String fingerprint() {
        return coin == null ? "talk" : "talk, by coin " + coin.key();
    }
}
