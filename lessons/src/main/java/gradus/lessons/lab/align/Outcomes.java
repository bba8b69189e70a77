package gradus.lessons.lab.align;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// All answers of T tokens from a vocabulary of V: so few, `N = Vᵀ`, that they can be listed, and an
/// expectation is a sum over them. With T = 1 an answer is one choice, and the policy a bandit with V arms.
///
/// A policy is a table of logits, a row for each beginning of an answer: S = 1 + V + … + Vᵀ⁻¹ rows. It can be
/// any distribution over the answers, so nothing that follows is the fault of a model too small.
public final class Outcomes {
    private static final int MOST = 4096;

    private final int vocabulary;
    private final int length;
    private final int count;
    private final int states;
    private final int[] cells; // (N, T): which cell of the table an answer uses at each token

    /// @param vocabulary V
    /// @param length     T
    /// @throws gradus.error.ConfigException if there are too many to list, or a number is below 1
    public Outcomes(int vocabulary, int length) {
        require(
                vocabulary >= 1 && length >= 1 && Math.pow(vocabulary, length) <= MOST,
                "outcomes: vocabulary and length must be at least 1 and give at most %s answers; got %s and %s",
                MOST,
                vocabulary,
                length);
        this.vocabulary = vocabulary;
        this.length = length;
        int answers = 1;
        int beginnings = 0;
        for (int t = 0; t < length; t++) {
            beginnings += answers;
            answers *= vocabulary;
        }
        this.count = answers;
        this.states = beginnings;
        this.cells = new int[count * length];
        for (int n = 0; n < count; n++) {
            int state = 0; // rows: the empty beginning, then the V of one token, then the V² of two, …
            for (int t = 0; t < length; t++) {
                int cell = state * vocabulary + token(n, t);
                cells[n * length + t] = cell;
                state = cell + 1;
            }
        }
    }

    /// V
    public int vocabulary() {
        return vocabulary;
    }

    /// T
    public int length() {
        return length;
    }

    /// N
    public int count() {
        return count;
    }

    /// S
    public int states() {
        return states;
    }

    /// Token t of answer n: answers are numbered as numbers with T digits of base V.
    public int token(int n, int t) {
        int digit = n;
        for (int later = t + 1; later < length; later++) {
            digit /= vocabulary;
        }
        return digit % vocabulary;
    }

    /// The row that follows a row and a token.
    public int after(int state, int token) {
        return state * vocabulary + token + 1;
    }

    /// ln π of each token of each answer.
    ///
    /// **Shapes** logits (S, V) → (N, T)
    public Tensor logProbs(Tensor logits) {
        return logits.logSoftmax() // (S, V)
                .reshape(states * vocabulary)
                .indexSelect(0, Indices.of(cells)) // (N·T)
                .reshape(count, length);
    }

    /// The probability of each answer.
    ///
    /// **Shapes** logits (S, V) → (N)
    public Tensor probs(Tensor logits) {
        return logProbs(logits).sum(-1).exp(); // (N)
    }

    /// How often a policy comes to each cell of its table: the probability of all answers that use it.
    ///
    /// @param probs of the answers, N
    /// @return S·V numbers
    public double[] visits(double[] probs) {
        double[] visits = new double[states * vocabulary];
        for (int i = 0; i < cells.length; i++) {
            visits[cells[i]] += probs[i / length];
        }
        return visits;
    }
}
