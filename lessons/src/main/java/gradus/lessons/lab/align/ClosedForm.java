package gradus.lessons.lab.align;

import java.util.Arrays;

/// The policies at which algorithms of alignment come to rest, by formula.
///
/// What one decision gives, with the probabilities ref of its choices and their rewards r, is a [Rule]. An
/// answer of several tokens can be taken as one decision ([#ofAnswers]) or as one for each token
/// ([#ofTokens]).
public final class ClosedForm {
    private ClosedForm() {}

    /// What one decision comes to.
    @FunctionalInterface
    public interface Rule {
        /// @param ref  the reference's probabilities
        /// @param r    the rewards
        /// @param beta β
        /// @return the policy's probabilities
        double[] of(double[] ref, double[] r, double beta);
    }

    /// The maximum of `E_π[r] - β·KL(π‖ref)`: `π = ref·exp(r/β)/Z`. For `r - β·ln(π/ref)` is then the same
    /// number, β·ln Z, for all choices, and moving probability from one to another gains nothing.
    public static double[] gibbs(double[] ref, double[] r, double beta) {
        double highest = Arrays.stream(r).max().orElseThrow();
        double[] pi = new double[ref.length];
        double z = 0;
        for (int i = 0; i < pi.length; i++) {
            pi[i] = ref[i] * Math.exp((r[i] - highest) / beta);
            z += pi[i];
        }
        for (int i = 0; i < pi.length; i++) {
            pi[i] /= z;
        }
        return pi;
    }

    /// The maximum of `E_π[r] - β·KL(ref‖π)`, with the divergence the other way round: `π = β·ref/(λ - r)`,
    /// with the one λ above all rewards at which these add up to 1. For the derivative by π, `r + β·ref/π`, is
    /// then λ for all choices.
    public static double[] forward(double[] ref, double[] r, double beta) {
        double highest = Arrays.stream(r).max().orElseThrow();
        double low = highest; // the sum is above 1 just above the highest reward, and below at highest + β
        double high = highest + beta;
        for (int halving = 0; halving < 200; halving++) {
            double middle = (low + high) / 2;
            double sum = 0;
            for (int i = 0; i < ref.length; i++) {
                sum += beta * ref[i] / (middle - r[i]);
            }
            if (sum > 1 || middle == highest) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double[] pi = new double[ref.length];
        for (int i = 0; i < pi.length; i++) {
            pi[i] = beta * ref[i] / (high - r[i]);
        }
        return pi;
    }

    /// The maximum of `E_π[r]` alone: the best choice, whatever the reference.
    public static double[] best(double[] ref, double[] r, double beta) {
        int best = 0;
        for (int i = 1; i < r.length; i++) {
            best = r[i] > r[best] ? i : best;
        }
        double[] pi = new double[r.length];
        pi[best] = 1;
        return pi;
    }

    /// A rule for whole answers.
    ///
    /// @return the probability of each answer
    public static double[] ofAnswers(EnumerableProblem problem, Rule rule) {
        return rule.of(problem.referenceProbs(), problem.rewards(), problem.beta());
    }

    /// A rule for each token, whose reward is what the answers that begin with it are worth on average:
    /// without what the divergence of later tokens will cost. From the last token to the first.
    ///
    /// @return the probability of each answer
    public static double[] ofTokens(EnumerableProblem problem, Rule rule) {
        double[] probs = new double[problem.outcomes().count()];
        double[][] reference = reference(problem);
        worth(problem, rule, reference, 0, 0, 0, probs);
        return probs;
    }

    private static double[][] reference(EnumerableProblem problem) {
        int v = problem.outcomes().vocabulary();
        double[] flat = problem.reference().softmax().toArray();
        double[][] rows = new double[problem.outcomes().states()][];
        Arrays.setAll(rows, state -> Arrays.copyOfRange(flat, state * v, state * v + v));
        return rows;
    }

    /// Fills in the probabilities of all answers with this beginning, given the beginning.
    ///
    /// @param state  the row of the beginning
    /// @param depth  how many tokens it has
    /// @param number those tokens read as a number
    /// @return what the answers are worth on average
    private static double worth(
            EnumerableProblem problem,
            Rule rule,
            double[][] reference,
            int state,
            int depth,
            int number,
            double[] probs) {
        Outcomes outcomes = problem.outcomes();
        if (depth == outcomes.length()) {
            probs[number] = 1;
            return problem.rewards()[number];
        }
        int v = outcomes.vocabulary();
        double[] worth = new double[v];
        for (int token = 0; token < v; token++) {
            int next = outcomes.after(state, token);
            worth[token] = worth(problem, rule, reference, next, depth + 1, number * v + token, probs);
        }
        double[] pi = rule.of(reference[state], worth, problem.beta());
        int each = (int) Math.pow(v, outcomes.length() - depth - 1);
        double mean = 0;
        for (int token = 0; token < v; token++) {
            mean += pi[token] * worth[token];
            int from = (number * v + token) * each;
            for (int n = from; n < from + each; n++) {
                probs[n] *= pi[token];
            }
        }
        return mean;
    }
}
