package gradus.layers.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.feedforward.BalancedRouter.Balance;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Who goes where, and with what weight. The oracle sorts; the routers pick.
class RouterTest {
    private static final int C = 3;

    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    /// Scores of each token for each expert, by a loop.
    private static double[][] scores(Router router, Tensor x) {
        Tensor weight = router.state().get("weight");
        double[][] scores = new double[x.dim(0)][router.experts()];
        for (int n = 0; n < scores.length; n++) {
            for (int e = 0; e < router.experts(); e++) {
                for (int c = 0; c < C; c++) {
                    scores[n][e] += x.get(n, c) * weight.get(e, c);
                }
            }
        }
        return scores;
    }

    private static double[] softmax(double[] scores) {
        double sum = Arrays.stream(scores).map(Math::exp).sum();
        return Arrays.stream(scores).map(s -> Math.exp(s) / sum).toArray();
    }

    /// The numbers 0 … n-1, those with the largest values first.
    private static int[] order(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .mapToInt(i -> i)
                .toArray();
    }

    /// The weight with which each token goes to each expert; NaN where it does not go.
    private static double[][] dense(Routing routing, int tokens) {
        double[][] dense = new double[tokens][routing.tokens().length];
        for (double[] row : dense) {
            Arrays.fill(row, Double.NaN);
        }
        int at = 0;
        for (int e = 0; e < routing.tokens().length; e++) {
            for (int token : routing.tokens()[e]) {
                assertThat(dense[token][e]).isNaN();
                dense[token][e] = routing.weights().get(at++);
            }
        }
        assertThat(routing.weights().size()).isEqualTo(at);
        return dense;
    }

    private static void requireSame(double[][] actual, double[][] expected) {
        for (int n = 0; n < expected.length; n++) {
            assertThat(actual[n]).containsExactly(expected[n], within(1e-12));
        }
    }

    private static double[][] nowhere(int tokens, int experts) {
        double[][] none = new double[tokens][experts];
        for (double[] row : none) {
            Arrays.fill(row, Double.NaN);
        }
        return none;
    }

    /// The softmax of the top k scores is the softmax of all, cut to the top k and divided by their sum.
    @Property(tries = 200)
    void mixtralIsSoftmaxTopKRenormalise(
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 9) int experts,
            @ForAll @IntRange(min = 1, max = 9) int wish,
            @ForAll long seed) {
        int topK = Math.min(wish, experts);
        Router router = new MixtralRouter(C, experts, topK, Rng.of(seed));
        router.to(DType.FLOAT64);
        Tensor x = normal(seed, tokens, C);
        double[][] expected = nowhere(tokens, experts);
        double[][] scores = scores(router, x);
        for (int n = 0; n < tokens; n++) {
            double[] p = softmax(scores[n]);
            int[] order = order(scores[n]);
            double sum = Arrays.stream(order, 0, topK).mapToDouble(e -> p[e]).sum();
            for (int choice = 0; choice < topK; choice++) {
                expected[n][order[choice]] = p[order[choice]] / sum;
            }
        }
        Routing routing = router.route(x);
        requireSame(dense(routing, tokens), expected);
        assertThat(routing.weights().sum().item()).isCloseTo(tokens, within(1e-12)); // 1 for each token
        assertThat(routing.utilisation().dropped()).isZero();
    }

    /// First choices are admitted before second ones, earlier tokens before later ones; weights stay as
    /// they were.
    @Property(tries = 200)
    void whatFindsItsExpertFullIsDropped(
            @ForAll @IntRange(min = 1, max = 30) int tokens,
            @ForAll @IntRange(min = 2, max = 5) int experts,
            @ForAll long seed) {
        Capacity capacity = new Capacity(0.75);
        Router free = new MixtralRouter(C, experts, 2, Rng.of(seed));
        Router bounded = new MixtralRouter(C, experts, 2, capacity, Rng.of(seed));
        free.to(DType.FLOAT64);
        bounded.to(DType.FLOAT64);
        Tensor x = normal(seed, tokens, C);
        double[][] expected = nowhere(tokens, experts);
        double[][] wishes = dense(free.route(x), tokens);
        int[] count = new int[experts];
        for (boolean first : new boolean[] {true, false}) {
            for (int n = 0; n < tokens; n++) {
                for (int e = 0; e < experts; e++) {
                    // of two weights that sum to 1 the first choice's is above ½
                    if (wishes[n][e] > 0.5 == first && wishes[n][e] >= 0 && count[e]++ < capacity.of(tokens, experts)) {
                        expected[n][e] = wishes[n][e];
                    }
                }
            }
        }
        Routing routing = bounded.route(x);
        requireSame(dense(routing, tokens), expected);
        assertThat(routing.demand()).containsExactly(count);
        int admitted = Arrays.stream(routing.utilisation().tokens()).sum();
        assertThat(routing.utilisation().dropped()).isEqualTo(2 * tokens - admitted);
    }

    @Test
    void roomForAllDropsNone() {
        Router router = new SwitchRouter(C, 4, new Capacity(4), Rng.of(2)); // C = N
        router.to(DType.FLOAT64);
        Tensor same = normal(3, 1, C).broadcastTo(17, C); // (17, C): all tokens wish for one expert
        Utilisation utilisation = router.route(same).utilisation();
        assertThat(utilisation.dropped()).isZero();
        assertThat(utilisation.imbalance()).isEqualTo(4);
        assertThat(new Capacity(1.25).of(64, 8)).isEqualTo(10);
        assertThat(new Capacity(1).of(8, 8)).isEqualTo(4); // the least
        assertThat(new Capacity(9).of(64, 8)).isEqualTo(64); // never more than there are
        assertThat(Capacity.UNBOUNDED.of(64, 8)).isEqualTo(64);
    }

    @Property(tries = 200)
    void switchTakesTheBestWithItsProbability(
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 9) int experts,
            @ForAll long seed) {
        Router router = new SwitchRouter(C, experts, Capacity.UNBOUNDED, Rng.of(seed));
        router.to(DType.FLOAT64);
        Tensor x = normal(seed, tokens, C);
        double[][] expected = nowhere(tokens, experts);
        double[][] scores = scores(router, x);
        for (int n = 0; n < tokens; n++) {
            int best = order(scores[n])[0];
            expected[n][best] = softmax(scores[n])[best];
        }
        requireSame(dense(router.route(x), tokens), expected);
    }

    @Property(tries = 200)
    void expertsChooseTheirTokens(
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 5) int experts,
            @ForAll long seed) {
        double perToken = Math.min(experts, 1.5);
        Router router = new ExpertChoiceRouter(C, experts, perToken, Rng.of(seed));
        router.to(DType.FLOAT64);
        Tensor x = normal(seed, tokens, C);
        double[][] scores = scores(router, x);
        int room = Math.min(tokens, (int) Math.ceil(tokens * perToken / experts));
        double[][] expected = nowhere(tokens, experts);
        for (int e = 0; e < experts; e++) {
            int expert = e;
            double[] column = Arrays.stream(scores)
                    .mapToDouble(row -> softmax(row)[expert])
                    .toArray();
            int[] order = experts == 1 ? IntStream.range(0, tokens).toArray() : order(column); // all are 1 for one
            for (int i = 0; i < room; i++) {
                expected[order[i]][e] = column[order[i]];
            }
        }
        Routing routing = router.route(x);
        requireSame(dense(routing, tokens), expected);
        assertThat(routing.utilisation().imbalance()).isEqualTo(1);
    }

    @Property(tries = 200)
    void theBalancedRouterChoosesByBiasAndWeighsWithout(
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 9) int experts,
            @ForAll @IntRange(min = 1, max = 9) int wish,
            @ForAll long seed) {
        int topK = Math.min(wish, experts);
        BalancedRouter router = new BalancedRouter(C, experts, topK, new Balance(0.25, 2.5), Rng.of(seed));
        router.to(DType.FLOAT64);
        Tensor bias = router.state().get("e_score_correction_bias");
        double[] before = normal(seed + 1, experts).toArray();
        bias.set(before);
        Tensor x = normal(seed, tokens, C);
        double[][] expected = nowhere(tokens, experts);
        double[][] scores = scores(router, x);
        int[] load = new int[experts];
        for (int n = 0; n < tokens; n++) {
            double[] s =
                    Arrays.stream(scores[n]).map(z -> 1 / (1 + Math.exp(-z))).toArray();
            double[] biased = IntStream.range(0, experts)
                    .mapToDouble(e -> s[e] + before[e])
                    .toArray();
            int[] order = order(biased);
            double sum = Arrays.stream(order, 0, topK).mapToDouble(e -> s[e]).sum();
            for (int choice = 0; choice < topK; choice++) {
                expected[n][order[choice]] = 2.5 * s[order[choice]] / sum;
                load[order[choice]]++;
            }
        }
        requireSame(dense(router.route(x), tokens), expected);
        double mean = tokens * topK / (double) experts;
        for (int e = 0; e < experts; e++) {
            double step = load[e] < mean ? 0.25 : load[e] > mean ? -0.25 : 0;
            assertThat(bias.get(e)).isCloseTo(before[e] + step, within(1e-15));
        }
    }

    @Test
    void theBiasMovesInPassesThatCountOnly() {
        BalancedRouter router = new BalancedRouter(C, 4, 1, new Balance(0.1, 1), Rng.of(1));
        Tensor bias = router.state().get("e_score_correction_bias");
        Tensor x = Tensor.randn(Rng.of(2), 5, C);
        try (var pause = Autograd.noGrad()) {
            router.route(x);
        }
        try (var rehearsal = Autograd.rehearsal()) {
            router.route(x);
        }
        router.eval();
        router.route(x);
        assertThat(bias.toArray()).containsOnly(0);
        router.train();
        router.route(x);
        assertThat(bias.abs().sum().item()).isGreaterThan(0);
        assertThat(bias.requiresGrad()).isFalse();
    }

    /// Similar tokens crowd at one expert until the bias has made the others as attractive; u is how finely
    /// it can.
    @Test
    void theBiasEvensOutTheLoad() {
        BalancedRouter router = new BalancedRouter(C, 4, 1, new Balance(0.001, 1), Rng.of(4));
        Tensor x = Tensor.randn(Rng.of(5), 64, C).mul(0.3).add(2);
        double first = router.route(x).utilisation().imbalance();
        for (int i = 0; i < 600; i++) {
            router.route(x);
        }
        assertThat(first).isGreaterThan(2);
        assertThat(router.route(x).utilisation().imbalance()).isLessThan(1.3);
    }

    @Test
    void badInput() {
        Rng rng = Rng.of(1);
        for (int topK : new int[] {0, -1, 5}) { // BAD-INPUT 27
            assertThatThrownBy(() -> new MixtralRouter(C, 4, topK, rng))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("topK must be in 1 … 4, the number of experts; got " + topK);
            assertThatThrownBy(() -> new BalancedRouter(C, 4, topK, new Balance(0, 1), rng))
                    .isInstanceOf(ConfigException.class);
        }
        for (double factor : new double[] {0, -1, Double.NaN}) { // BAD-INPUT 28
            assertThatThrownBy(() -> new Capacity(factor))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("factor must be above 0; got " + factor);
            assertThatThrownBy(() -> new ExpertChoiceRouter(C, 4, factor, rng))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("perToken must be above 0");
        }
        assertThatThrownBy(() -> new ExpertChoiceRouter(C, 4, 4.5, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SwitchRouter(C, 4, null, rng)).hasMessageContaining("capacity");
        assertThatThrownBy(() -> new MixtralRouter(0, 4, 2, rng)).hasMessageContaining("dim");
        assertThatThrownBy(() -> new MixtralRouter(C, 0, 1, rng)).hasMessageContaining("experts");
        assertThatThrownBy(() -> new Balance(-1, 1)).hasMessageContaining("updateRate");
        assertThatThrownBy(() -> new Balance(0, 0)).hasMessageContaining("scale");
    }
}
