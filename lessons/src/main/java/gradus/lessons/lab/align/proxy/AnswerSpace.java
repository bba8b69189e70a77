package gradus.lessons.lab.align.proxy;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.train.rl.CompletionRows;
import gradus.train.rl.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All answers that a policy can give to one prompt: every sequence of words that ends by itself or is cut at the
/// limit, `1 + w + … + wᴸ` of them for w words and L tokens. So few that the policy's probability of each can be
/// computed, and with it every expectation and divergence, exactly.
public final class AnswerSpace {
    /// The prompt, and a word as any other in an answer.
    public static final int START = 0;
    /// Ends an answer.
    public static final int END = 1;

    private static final int CHUNK = 1024; // answers rated together
    private static final int MOST = 20_000;
    private static final int LONGEST = 64;

    private final int vocabulary;
    private final int limit;
    private final List<int[]> answers = new ArrayList<>();
    private final Map<List<Integer>, Integer> numbers = new HashMap<>();

    /// @param vocabulary how many tokens there are, [#END] among them
    /// @param limit      L, the most tokens of an answer
    /// @throws gradus.error.ConfigException if there are too many answers to list, or a number is too small
    public AnswerSpace(int vocabulary, int limit) {
        require(
                vocabulary >= 2 && limit >= 1 && limit <= LONGEST && count(vocabulary - 1, limit) <= MOST,
                "there must be at least 2 tokens, and answers of 1 to %s, at most %s of them; got %d and %d",
                LONGEST,
                MOST,
                vocabulary,
                limit);
        this.vocabulary = vocabulary;
        this.limit = limit;
        list(new int[0]);
    }

    /// `1 + w + … + wᴸ`, or more than [#MOST] if that is more.
    private static long count(int words, int limit) {
        long count = 1;
        long cut = 1; // wˡ
        for (int length = 1; length <= limit && count <= MOST; length++) {
            cut *= words;
            count += cut;
        }
        return count;
    }

    private void list(int[] beginning) {
        if (beginning.length == limit || beginning.length > 0 && beginning[beginning.length - 1] == END) {
            numbers.put(key(beginning), answers.size());
            answers.add(beginning);
            return;
        }
        for (int token = 0; token < vocabulary; token++) {
            int[] longer = Arrays.copyOf(beginning, beginning.length + 1);
            longer[beginning.length] = token;
            list(longer);
        }
    }

    private static List<Integer> key(int[] tokens) {
        return Arrays.stream(tokens).boxed().toList();
    }

    /// How many tokens there are.
    public int vocabulary() {
        return vocabulary;
    }

    /// L, the most tokens of an answer.
    public int limit() {
        return limit;
    }

    /// All answers, each with the token that ends it unless it was cut.
    public List<int[]> answers() {
        return Collections.unmodifiableList(answers);
    }

    /// N, how many there are.
    public int count() {
        return answers.size();
    }

    /// Which of them this is.
    ///
    /// @throws gradus.error.ConfigException if it is none
    public int numberOf(int[] tokens) {
        Integer number = numbers.get(key(tokens));
        require(number != null, "%s is no whole answer of at most %d tokens", Arrays.toString(tokens), limit);
        return number;
    }

    /// A policy's probability of each answer.
    public double[] probs(LanguageModel policy) {
        double[] probs = new double[count()];
        boolean training = policy.training();
        policy.eval();
        try (var pause = Autograd.noGrad()) {
            for (int from = 0; from < probs.length; from += CHUNK) {
                try (var scope = Scope.open()) {
                    List<int[]> some = answers.subList(from, Math.min(probs.length, from + CHUNK));
                    CompletionRows rows = CompletionRows.of(Collections.nCopies(some.size(), new int[] {START}), some);
                    double[] own = TokenScores.of(policy, rows, 1)
                            .logProbs()
                            .sum(-1)
                            .exp()
                            .toArray(); // (B)
                    System.arraycopy(own, 0, probs, from, own.length);
                }
            }
        } finally {
            if (training) {
                policy.train();
            }
        }
        return probs;
    }

    /// `Σ p·x`
    public static double mean(double[] probs, double[] values) {
        double mean = 0;
        for (int i = 0; i < probs.length; i++) {
            mean += probs[i] * values[i];
        }
        return mean;
    }

    /// `KL(p‖q) = Σ p·ln(p/q)`, in nats.
    public static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i] == 0 ? 0 : p[i] * Math.log(p[i] / q[i]);
        }
        return sum;
    }
}
