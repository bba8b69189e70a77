package gradus.layers.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.Sequential;
import gradus.layers.Transform;
import gradus.layers.feedforward.BalancedRouter.Balance;
import gradus.layers.loss.ZLoss;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureOfExpertsTest {
    private Rng rng = Rng.of(16); // drawn anew in each try
    private static final int C = 3;

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    private MixtureOfExperts mixture(Router router, int hidden) {
        MixtureOfExperts moe = MixtureOfExperts.of(router, C, hidden, rng);
        moe.to(DType.FLOAT64);
        return moe;
    }

    private MixtureOfExperts mixtral(int experts, int topK, int hidden) {
        return mixture(new MixtralRouter(C, experts, topK, rng.at("gate")), hidden);
    }

    /// The most literal form: every expert for every token, times a weight that is mostly 0.
    @Property(tries = 200)
    void equalsTheLoopOverAllExperts(
            @ForAll @IntRange(min = 1, max = 9) int tokens,
            @ForAll @IntRange(min = 1, max = 5) int experts,
            @ForAll @IntRange(min = 1, max = 5) int wish,
            @ForAll @IntRange(min = 1, max = 5) int hidden,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int topK = Math.min(wish, experts);
        MixtureOfExperts moe = mixtral(experts, topK, hidden);
        Map<String, Tensor> p = moe.namedParameters();
        Tensor x = normal("x", 1, tokens, C);
        Tensor y = moe.forward(x);
        for (int t = 0; t < tokens; t++) {
            double[] scores = new double[experts];
            for (int e = 0; e < experts; e++) {
                for (int c = 0; c < C; c++) {
                    scores[e] += p.get("gate.weight").get(e, c) * x.get(0, t, c);
                }
            }
            double[] sorted = Arrays.stream(scores).sorted().toArray();
            double least = sorted[experts - topK];
            double partition = Arrays.stream(sorted, experts - topK, experts)
                    .map(Math::exp)
                    .sum();
            double[] expected = new double[C];
            for (int e = 0; e < experts; e++) {
                double weight = scores[e] >= least ? Math.exp(scores[e]) / partition : 0;
                for (int f = 0; f < hidden; f++) {
                    double gate = 0;
                    double up = 0;
                    for (int c = 0; c < C; c++) {
                        gate += p.get("experts." + e + ".w1.weight").get(f, c) * x.get(0, t, c);
                        up += p.get("experts." + e + ".w3.weight").get(f, c) * x.get(0, t, c);
                    }
                    for (int c = 0; c < C; c++) {
                        double down = p.get("experts." + e + ".w2.weight").get(c, f);
                        expected[c] += weight * down * gate / (1 + Math.exp(-gate)) * up;
                    }
                }
            }
            for (int c = 0; c < C; c++) {
                assertThat(y.get(0, t, c)).isCloseTo(expected[c], within(1e-13));
            }
        }
        assertThat(Arrays.stream(moe.utilisation().tokens()).sum()).isEqualTo(tokens * topK);
    }

    @Property(tries = 200)
    void oneExpertIsItsFeedForward(
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll long seed) {
        MixtureOfExperts moe = mixtral(1, 1, 5);
        Expert expert = new Expert(C, 5, rng.at("experts.0"));
        expert.to(DType.FLOAT64);
        SwiGlu swiGlu = new SwiGlu(C, 5, rng);
        swiGlu.to(DType.FLOAT64);
        Map<String, String> names = Map.of("gate_proj", "w1", "up_proj", "w3", "down_proj", "w2");
        names.forEach((there, here) -> swiGlu.namedParameters()
                .get(there + ".weight")
                .copyFrom(expert.namedParameters().get(here + ".weight")));
        Tensor x = Tensor.randn(Rng.of(seed), batch, time, C).to(DType.FLOAT64);
        double[] y = moe.forward(x).toArray();
        assertThat(y).containsExactly(expert.forward(x).toArray(), within(1e-15));
        assertThat(y).containsExactly(swiGlu.forward(x).toArray(), within(1e-15));
    }

    @Property(tries = 200)
    void theNumberingOfExpertsDoesNotMatter(@ForAll @IntRange(min = 1, max = 9) int tokens, @ForAll long seed) {
        int experts = 4;
        MixtureOfExperts moe = mixtral(experts, 2, 2);
        MixtureOfExperts permuted = mixtral(experts, 2, 2);
        List<Integer> order = Arrays.asList(0, 1, 2, 3);
        Collections.shuffle(order, new Random(seed));
        Map<String, Tensor> from = moe.namedParameters();
        Map<String, Tensor> to = permuted.namedParameters();
        Tensor gate = from.get("gate.weight").detach();
        to.get("gate.weight")
                .copyFrom(gate.indexSelect(
                        0, Indices.of(order.stream().mapToInt(e -> e).toArray())));
        for (int e = 0; e < experts; e++) {
            for (String matrix : new String[] {"w1", "w2", "w3"}) {
                to.get("experts.%d.%s.weight".formatted(e, matrix))
                        .copyFrom(from.get("experts.%d.%s.weight".formatted(order.get(e), matrix)));
            }
        }
        Tensor x = Tensor.randn(Rng.of(seed), tokens, C).to(DType.FLOAT64);
        assertThat(permuted.forward(x).toArray()).containsExactly(moe.forward(x).toArray(), within(1e-14));
    }

    /// Weights that sum to 1 over equal results change nothing.
    @Property(tries = 200)
    void equalExpertsAreOne(@ForAll @IntRange(min = 1, max = 4) int topK, @ForAll boolean balanced, @ForAll long seed) {
        Expert same = new Expert(C, 5, rng);
        Rng rng = Rng.of(seed);
        Router router = balanced
                ? new BalancedRouter(C, 4, topK, new Balance(0.1, 1), rng)
                : new MixtralRouter(C, 4, topK, rng);
        MixtureOfExperts moe = new MixtureOfExperts(router, Collections.nCopies(4, same));
        moe.to(DType.FLOAT64);
        Tensor x = normal("x", 6, C);
        assertThat(moe.forward(x).toArray()).containsExactly(same.forward(x).toArray(), within(1e-14));
    }

    @Test
    void aDroppedTokenGetsExactlyZero() {
        MixtureOfExperts moe = mixture(new SwitchRouter(C, 2, new Capacity(0.1), rng), 5); // 4 tokens each
        Tensor x = normal("x", 1, C).broadcastTo(6, C); // (6, C): all wish for the same expert
        double[] y = moe.forward(x).toArray();
        assertThat(Arrays.copyOf(y, 4 * C)).doesNotContain(0);
        assertThat(Arrays.copyOfRange(y, 4 * C, 6 * C)).containsOnly(0);
        assertThat(moe.utilisation().dropped()).isEqualTo(2);
        assertThat(moe.utilisation().droppedFraction()).isEqualTo(2 / 6.0);
        assertThat(moe.utilisation().tokens()).containsExactlyInAnyOrder(4, 0);
    }

    @Test
    void sharedExpertsSeeEveryToken() {
        Transform twice = x -> x.mul(2);
        MixtureOfExperts moe = mixtral(3, 2, 4);
        Tensor x = normal("x", 5, C);
        Tensor alone = moe.forward(x);
        assertThat(moe.share(twice).forward(x).toArray())
                .containsExactly(alone.add(x.mul(2)).toArray(), within(1e-14));
        SwiGlu swiGlu = new SwiGlu(C, 2, rng);
        assertThat(moe.share(swiGlu).namedParameters()).containsKey("shared_experts.1.up_proj.weight");
    }

    /// An expert that nobody chose runs on nothing and gets no gradient; the chosen one and the router do.
    @Test
    void onlyTheChosenCost() {
        MixtureOfExperts moe = mixture(new SwitchRouter(C, 2, Capacity.UNBOUNDED, rng), 5);
        moe.forward(normal("x", 1, C)).sum().backward();
        int idle = moe.utilisation().tokens()[0] == 0 ? 0 : 1;
        assertThat(moe.namedParameters().get("experts." + idle + ".w1.weight").grad())
                .isNull();
        assertThat(moe.namedParameters()
                        .get("experts." + (1 - idle) + ".w1.weight")
                        .grad())
                .isNotNull();
        assertThat(moe.namedParameters().get("gate.weight").grad().abs().sum().item())
                .isPositive();
    }

    @Test
    void theLossesReachTheTreeAndTheRouter() {
        MixtureOfExperts moe = mixtral(4, 2, 3);
        Sequential model = new Sequential(moe, x -> x, moe); // one layer in two places counts once
        Tensor x = normal("x", 5, C);
        assertThat(model.auxiliaryLoss()).isNull();
        model.forward(x);
        assertThat(model.auxiliaryLoss()).isNull(); // no weights yet
        moe.losses(0.25, 0.5);
        model.forward(x);
        Tensor loss = model.auxiliaryLoss();
        double expected = 0.25 * BalanceLoss.of(moe.routing()).item()
                + 0.5 * ZLoss.of(moe.routing().logits()).item();
        assertThat(loss.item()).isCloseTo(expected, within(1e-14));
        loss.backward();
        assertThat(moe.namedParameters().get("gate.weight").grad().abs().sum().item())
                .isPositive();
        model.eval();
        model.forward(x);
        assertThat(model.auxiliaryLoss()).isNull();
    }

    @Test
    void float32AgreesWithFloat64() {
        MixtureOfExperts wide = mixtral(4, 2, 17);
        Tensor x = normal("x", 9, C);
        double[] y = wide.forward(x).toArray();
        wide.to(DType.FLOAT32);
        assertThat(wide.forward(x.to(DType.FLOAT32)).toArray()).containsExactly(y, within(1e-5));
    }

    /// The result and the losses together, by every parameter, for each router.
    @Test
    void gradients() {
        Tensor x = normal("x", 6, C);
        List<Router> routers = List.of(
                new MixtralRouter(C, 4, 2, rng),
                new MixtralRouter(C, 2, 2, new Capacity(0.1), rng),
                new SwitchRouter(C, 3, new Capacity(1), rng),
                new BalancedRouter(C, 4, 2, new Balance(0.1, 2.5), rng),
                new ExpertChoiceRouter(C, 3, 1.5, rng));
        for (Router router : routers) {
            MixtureOfExperts moe = mixture(router, 2).losses(0.3, 0.2);
            moe.forward(x);
            requireNoTies(moe.routing().logits());
            requireNoTies(moe.routing().logits().softmax().transpose(0, 1));
            LayerGradients.requireRight(moe, Map.of("x", x), () -> {
                Tensor y = moe.forward(x).reshape(-1); // (N·C)
                return Tensor.concat(0, y, moe.auxiliaryLoss().reshape(1)); // (N·C + 1)
            });
        }
    }

    /// A choice changes where two scores meet: no derivative there. The check moves them by some 1e-5.
    private void requireNoTies(Tensor scores) {
        for (int row = 0; row < scores.dim(0); row++) {
            double[] sorted =
                    Arrays.stream(scores.select(0, row).toArray()).sorted().toArray();
            for (int i = 1; i < sorted.length; i++) {
                assertThat(sorted[i] - sorted[i - 1]).isGreaterThan(1e-4);
            }
        }
    }

    @Test
    void badInput() {
        MixtralRouter router = new MixtralRouter(C, 3, 2, rng);
        assertThatThrownBy(() -> new MixtureOfExperts(router, List.of(new Expert(C, 2, rng))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the router chooses from 3 experts; got 1");
        assertThatThrownBy(() -> MixtureOfExperts.of(router, C, 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> mixtral(3, 2, 2).losses(-1, 0)).hasMessageContaining("balance");
        assertThatThrownBy(() -> mixtral(3, 2, 2).losses(0, Double.NaN)).hasMessageContaining("z must");
    }
}
