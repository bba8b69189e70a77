package gradus.lessons.lab.incontext;

import java.util.Locale;

/// The ways of predicting a Markov chain of Edelman et al. 2024, arXiv:2402.11004, section 2: each is the mean
/// of what is expected after the tokens so far (a *posterior mean*), where every row of a chain comes from the
/// flat Dirichlet distribution and the tokens are taken for something simpler, or for what they are.
public enum Strategy {
    /// All tokens are alike: `1/k`.
    UNIFORM {
        @Override
        double probability(int[] sequence, int time, int next, int states) {
            return 1.0 / states;
        }
    },
    /// A token is as likely as it was often: `(n_j + 1)/(t + k)` with n_j of j among the t tokens so far. The
    /// best predictor of independent tokens.
    UNIGRAM {
        @Override
        double probability(int[] sequence, int time, int next, int states) {
            int seen = 0;
            for (int t = 0; t < time; t++) {
                seen += sequence[t] == next ? 1 : 0;
            }
            return (seen + 1.0) / (time + states);
        }
    },
    /// A token is as likely as it followed the last token often: `(n_ij + 1)/(n_i + k)` with n_ij steps from i
    /// to j. The best predictor of Markov chains: Bayes' rule with the distribution that they are drawn from.
    BIGRAM {
        @Override
        double probability(int[] sequence, int time, int next, int states) {
            int from = sequence[time - 1];
            int steps = 0;
            int seen = 0;
            for (int t = 1; t < time; t++) {
                if (sequence[t - 1] == from) {
                    steps++;
                    seen += sequence[t] == next ? 1 : 0;
                }
            }
            return (seen + 1.0) / (steps + states);
        }
    };

    /// The probability of a token behind the first so many of a sequence, at least 1.
    abstract double probability(int[] sequence, int time, int next, int states);

    /// As it stands in a table.
    String shown() {
        return name().toLowerCase(Locale.ROOT);
    }
}
