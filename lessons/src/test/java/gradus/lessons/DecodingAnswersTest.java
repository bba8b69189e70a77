package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.decoding.AllowedTokens;
import gradus.lessons.decoding.ContrastiveDistribution;
import gradus.lessons.decoding.SpeculativeRound;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/// The answers of the lesson on decoding are what counting all cases gives: so an answer and its grader cannot share
/// a mistake.
class DecodingAnswersTest {
    /// Sums and quotients of at most 100 numbers of size 1.
    private static final double ROUNDING = 1e-12;

    private static double[] probabilities(Rng rng, int count) {
        return Tensor.randn(rng, count).to(DType.FLOAT64).softmax().toArray();
    }

    /// A token may come if Java's matcher has found a match at the end of the text, or would read on there.
    @Property(tries = 200)
    void allowed(@ForAll long seed, @ForAll @IntRange(max = 4) int length) {
        List<Map<Character, Integer>> automaton =
                List.of(Map.of('-', 1, '0', 3, '1', 2), Map.of('0', 3, '1', 2), Map.of('0', 2, '1', 2), Map.of());
        Pattern number = Pattern.compile("-?(0|1[01]*)");
        int state = 0;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length && !automaton.get(state).isEmpty(); i++) {
            List<Character> choice =
                    automaton.get(state).keySet().stream().sorted().toList();
            char c = choice.get(Rng.of(seed).index(i, choice.size()));
            text.append(c);
            state = automaton.get(state).get(c);
        }
        List<String> tokens = List.of("", "-", "0", "1", "-1", "00", "10", "01", "1-", "101");
        boolean[] allowed = AllowedTokens.allowed(automaton, Set.of(2, 3), state, tokens);
        for (int i = 0; i < tokens.size(); i++) {
            Matcher matcher = number.matcher(text + tokens.get(i));
            boolean matches = matcher.matches();
            boolean expected = tokens.get(i).isEmpty() ? matches : matches || matcher.hitEnd();
            assertThat(allowed[i]).as(text + " " + tokens.get(i)).isEqualTo(expected);
        }
    }

    /// A draft of one token, for evenly spaced u and v: what comes first has the distribution p. Each of the
    /// two shares of 300 is off by at most 1/300 for each token.
    @Property(tries = 200)
    void speculative(@ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int vocabulary) {
        double[][] p = {
            probabilities(Rng.of(seed).at(1), vocabulary),
            probabilities(Rng.of(seed).at(2), vocabulary)
        };
        double[][] q = {probabilities(Rng.of(seed).at(3), vocabulary)};
        double[] first = new double[vocabulary];
        int steps = 300;
        for (int x = 0; x < vocabulary; x++) {
            int[] drafted = {x};
            int accepted = 0;
            double[] replaced = new double[vocabulary];
            for (int i = 0; i < steps; i++) {
                double even = (i + 0.5) / steps;
                accepted += SpeculativeRound.tokens(p, q, drafted, new double[] {even}, 0).length - 1;
                int[] refused = SpeculativeRound.tokens(p, q, drafted, new double[] {Math.nextDown(1.0)}, even);
                replaced[refused[0]] += refused.length == 1 ? 1.0 / steps : 0;
            }
            double share = accepted / (double) steps;
            for (int y = 0; y < vocabulary; y++) {
                first[y] += q[0][x] * ((x == y ? share : 0) + (1 - share) * replaced[y]);
            }
        }
        assertThat(first).containsExactly(p[0], within(3.0 / steps));
    }

    @Property(tries = 200)
    void contrastive(@ForAll long seed, @ForAll @DoubleRange(min = 0.01, max = 0.99) double alpha) {
        Tensor expert = Tensor.randn(Rng.of(seed).at(1), 7).to(DType.FLOAT64);
        Tensor amateur = Tensor.randn(Rng.of(seed).at(2), 7).to(DType.FLOAT64);
        double[] p = expert.softmax().toArray();
        double[] r = amateur.softmax().toArray();
        double bound = alpha * Arrays.stream(p).max().orElseThrow();
        double[] expected = IntStream.range(0, 7)
                .mapToDouble(x -> p[x] >= bound ? p[x] / r[x] : 0)
                .toArray();
        double sum = Arrays.stream(expected).sum();
        assertThat(ContrastiveDistribution.distribution(expert.toArray(), amateur.toArray(), alpha))
                .containsExactly(Arrays.stream(expected).map(e -> e / sum).toArray(), within(ROUNDING));
    }
}
