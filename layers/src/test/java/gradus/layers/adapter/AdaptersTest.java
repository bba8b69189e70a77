package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.LayerGradients;
import gradus.layers.Linear;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.tensor.DType;
import gradus.tensor.GradientCheck;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The laws of adapters, on single layers and whole models.
class AdaptersTest {
    private static final Indices IDS = Indices.of(new int[] {1, 2, 3, 4, 6, 0}).reshape(2, 3);

    /// A Linear or an Embedding as a model.
    private static final class One extends Layer {
        final Linear linear;
        final Embedding table;

        One(int in, int out, Rng rng) {
            linear = child("linear", new Linear(in, out, rng.at("linear")));
            table = child("table", new Embedding(5, out, rng.at("table")));
        }
    }

    private static One one(int in, int out, long seed) {
        return new One(in, out, Rng.of(seed)).to(DType.FLOAT64);
    }

    private static Gpt gpt(Head head) {
        return new Gpt(new GptConfig(7, 4, 2, 2, 8, 0).withHead(head), Rng.of(3)).eval();
    }

    private static Tensor input(long seed, int rows, int in) {
        return Tensor.randn(Rng.of(seed).at("x"), rows, in).to(DType.FLOAT64);
    }

    private static LoraConfig lora(int r) {
        return LoraConfig.of(Targets.named("linear")).withR(r).withAlpha(3);
    }

    /// Gives every trained number another value.
    private static void shuffle(Adapters adapters, String name, long seed) {
        int i = 0;
        for (Part part : adapters.parts(name).values()) {
            for (Tensor each : part.parameters()) {
                Tensor noise =
                        Tensor.randn(Rng.of(seed).at(i++), each.shape().dims()).to(each.dtype());
                each.copyFrom(each.detach().add(noise));
            }
        }
    }

    private static void near(Tensor actual, double[] expected, double tolerance) {
        double[] ours = actual.toArray();
        assertThat(ours).hasSize(expected.length);
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    // --- the oracle

    /// `y = W·x + b + s·B·(A·x)` by loops.
    private static double[] byLoops(One one, Lora lora, Tensor x, double scale) {
        Linear base = one.linear;
        double[] y = new double[x.dim(0) * base.out()];
        for (int row = 0; row < x.dim(0); row++) {
            for (int o = 0; o < base.out(); o++) {
                double sum = base.bias().get(o);
                for (int i = 0; i < base.in(); i++) {
                    double low = 0;
                    for (int k = 0; k < lora.a().dim(0); k++) {
                        low += lora.b().get(o, k) * lora.a().get(k, i);
                    }
                    sum += (base.weight().get(o, i) + scale * low) * x.get(row, i);
                }
                y[row * base.out() + o] = sum;
            }
        }
        return y;
    }

    @Property(tries = 200)
    void loraIsItsFormula(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 7) int in,
            @ForAll @IntRange(min = 1, max = 7) int out,
            @ForAll @IntRange(min = 1, max = 7) int rank,
            @ForAll boolean rslora,
            @ForAll LoraStart start) {
        int r = Math.min(rank, Math.min(in, out));
        One one = one(in, out, seed);
        Tensor x = input(seed, 3, in);
        double[] plain = one.linear.forward(x).toArray();
        double[][] base = {one.linear.weight().toArray(), one.linear.bias().toArray()};
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(r).withRslora(rslora).withStart(start), Rng.of(seed));
        near(one.linear.forward(x), plain, 1e-11); // at the start the base's, PiSSA's and OLoRA's up to rounding
        if (!start.changesBase()) {
            assertThat(one.linear.forward(x).toArray()).isEqualTo(plain);
        }
        double scale = rslora ? 3 / Math.sqrt(r) : 3.0 / r;
        Lora part = (Lora) adapters.parts("a").get("linear");
        assertThat(part.scale()).isEqualTo(scale);
        shuffle(adapters, "a", seed);
        near(one.linear.forward(x), byLoops(one, part, x, scale), 1e-11);
        assertThat(Svd.of(part.deltaWeight(one.linear.weight()).detach()).rank(1e-9))
                .isLessThanOrEqualTo(r);

        double[] apart = one.linear.forward(x).toArray();
        double[][] before = {one.linear.weight().toArray(), one.linear.bias().toArray()};
        adapters.merge();
        near(one.linear.forward(x), apart, 1e-11);
        assertThatThrownBy(adapters::merge).isInstanceOf(IllegalStateException.class);
        adapters.unmerge();
        assertThatThrownBy(adapters::unmerge).isInstanceOf(IllegalStateException.class);
        assertThat(new double[][] {
                    one.linear.weight().toArray(), one.linear.bias().toArray()
                })
                .isDeepEqualTo(before);

        Lora original = part.forOriginalBase();
        Tensor whole = one.linear
                .weight()
                .detach()
                .add(part.deltaWeight(one.linear.weight()).detach());
        adapters.remove("a");
        assertThat(new double[][] {
                    one.linear.weight().toArray(), one.linear.bias().toArray()
                })
                .isDeepEqualTo(base);
        near(one.linear.weight().detach().add(original.deltaWeight(null).detach()), whole.toArray(), 1e-10);
    }

    @Property(tries = 200)
    void theFirstGradientIsOfBAlone(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int in,
            @ForAll @IntRange(min = 2, max = 6) int out) {
        One one = one(in, out, seed);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(seed));
        Lora part = (Lora) adapters.parts("a").get("linear");
        one.linear.forward(input(seed, 3, in)).square().sum().backward();
        assertThat(part.a().grad().toArray()).containsOnly(0.0);
        assertThat(part.b().grad().square().sum().item()).isPositive();
        assertThat(one.linear.weight().grad()).isNull();
        assertThat(one.linear.bias().grad()).isNull();
    }

    /// Full rank reaches any change: A, B of the singular values of the change that is wanted.
    @Property(tries = 200)
    void fullRankReachesAnyChange(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int in,
            @ForAll @IntRange(min = 1, max = 6) int out) {
        int r = Math.min(in, out);
        One one = one(in, out, seed);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(r), Rng.of(seed));
        Lora part = (Lora) adapters.parts("a").get("linear");
        Tensor wanted = Tensor.randn(Rng.of(seed).at("wanted"), out, in).to(DType.FLOAT64);
        LowRank pair = Svd.of(wanted).truncated(r, part.scale(), DType.FLOAT64);
        part.a().copyFrom(pair.a());
        part.b().copyFrom(pair.b());
        near(part.deltaWeight(one.linear.weight()), wanted.toArray(), 1e-11);
    }

    @Property(tries = 200)
    void doraKeepsTheLengthsThatItsMagnitudesSay(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int in,
            @ForAll @IntRange(min = 1, max = 6) int out) {
        One one = one(in, out, seed);
        Tensor x = input(seed, 3, in);
        double[] plain = one.linear.forward(x).toArray();
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(1).withDora(true), Rng.of(seed));
        near(one.linear.forward(x), plain, 1e-11);
        shuffle(adapters, "a", seed);
        Dora part = (Dora) adapters.parts("a").get("linear");
        double[] apart = one.linear.forward(x).toArray();
        adapters.merge();
        near(one.linear.forward(x), apart, 1e-10);
        for (int o = 0; o < out; o++) {
            double square = 0;
            for (int i = 0; i < in; i++) {
                square += one.linear.weight().get(o, i) * one.linear.weight().get(o, i);
            }
            assertThat(Math.sqrt(square)).isCloseTo(Math.abs(part.magnitude().get(o)), within(1e-11));
        }
    }

    @Property(tries = 200)
    void ia3ScalesOutputsOrInputs(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6) int in,
            @ForAll @IntRange(min = 1, max = 6) int out,
            @ForAll boolean feedForward) {
        One one = one(in, out, seed);
        Tensor x = input(seed, 3, in);
        double[] plain = one.linear.forward(x).toArray();
        Adapters adapters = Adapters.of(one);
        adapters.add(
                "a",
                Ia3Config.of(Targets.named("linear"), feedForward ? new String[] {"linear"} : new String[0]),
                Rng.of(1));
        assertThat(one.linear.forward(x).toArray()).isEqualTo(plain);
        shuffle(adapters, "a", seed);
        Tensor l = ((Ia3) adapters.parts("a").get("linear")).factors();
        double[] expected = new double[3 * out];
        for (int row = 0; row < 3; row++) {
            for (int o = 0; o < out; o++) {
                double sum = 0;
                for (int i = 0; i < in; i++) {
                    sum += one.linear.weight().get(o, i) * x.get(row, i) * (feedForward ? l.get(0, i) : 1);
                }
                sum += one.linear.bias().get(o);
                expected[row * out + o] = feedForward ? sum : sum * l.get(o, 0);
            }
        }
        near(one.linear.forward(x), expected, 1e-11);
        adapters.merge();
        near(one.linear.forward(x), expected, 1e-11);
        adapters.unmerge();
        adapters.use();
        assertThat(one.linear.forward(x).toArray()).isEqualTo(plain); // the bias too
    }

    @Property(tries = 200)
    void embeddingsAndTrainedTokens(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int dim) {
        One one = one(2, dim, seed);
        Indices ids = Indices.of(4, 0, 2, 2);
        double[] plain = one.table.forward(ids).toArray();
        Adapters adapters = Adapters.of(one);
        adapters.add("a", LoraConfig.of(Targets.named("table")).withR(1).withAlpha(3), Rng.of(seed));
        assertThat(one.table.forward(ids).toArray()).isEqualTo(plain);
        shuffle(adapters, "a", seed);
        LoraEmbedding part = (LoraEmbedding) adapters.parts("a").get("table");
        double[] expected = plain.clone();
        for (int i = 0; i < 4; i++) {
            for (int c = 0; c < dim; c++) {
                expected[i * dim + c] += 3 * part.b().get(c, 0) * part.a().get(0, ids.get(i));
            }
        }
        near(one.table.forward(ids), expected, 1e-11);
        adapters.merge();
        near(one.table.forward(ids), expected, 1e-11);
        adapters.unmerge();

        adapters.add("tokens", lora(1).withTrainableTokens(Map.of("table", List.of(2, 4))), Rng.of(seed));
        assertThat(one.table.forward(ids).toArray()).isEqualTo(plain);
        TrainableTokens tokens = (TrainableTokens) adapters.parts("tokens").get("table");
        tokens.rows().set(IntStream.range(0, 2 * dim).asDoubleStream().toArray());
        for (int c = 0; c < dim; c++) {
            assertThat(one.table.forward(ids).get(0, c)).isEqualTo(dim + c);
            assertThat(one.table.forward(ids).get(1, c)).isEqualTo(plain[dim + c]);
            assertThat(one.table.forward(ids).get(3, c)).isEqualTo(c);
        }
    }

    // --- gradients

    @Test
    void gradientsOfLoraAreRight() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withTargets(Targets.named("linear", "table")), Rng.of(2));
        shuffle(adapters, "a", 3);
        one.linear.weight().requireGrad();
        Tensor x = input(4, 2, 4).requireGrad();
        Tensor upstream = input(5, 2, 3);
        LayerGradients.requireRight(
                one.linear,
                Map.of("x", x),
                () -> one.linear.forward(x).mul(upstream).sum());
        Indices ids = Indices.of(1, 4);
        LayerGradients.requireRight(
                one.table, Map.of(), () -> one.table.forward(ids).mul(upstream).sum());
    }

    @Test
    void gradientsOfIa3AndTokensAreRight() {
        for (String[] feedForward : new String[][] {{}, {"linear"}}) {
            One one = one(4, 3, 1);
            Adapters adapters = Adapters.of(one);
            adapters.add("a", Ia3Config.of(Targets.named("linear"), feedForward), Rng.of(2));
            shuffle(adapters, "a", 3);
            Tensor x = input(4, 2, 4).requireGrad();
            Tensor upstream = input(5, 2, 3);
            LayerGradients.requireRight(
                    one.linear,
                    Map.of("x", x),
                    () -> one.linear.forward(x).mul(upstream).sum());
        }
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withTrainableTokens(Map.of("table", List.of(1, 3))), Rng.of(2));
        Indices ids = Indices.of(1, 4, 1, 3);
        Tensor upstream = input(5, 4, 3);
        Tensor head = input(6, 2, 3);
        Tensor logits = input(7, 2, 5);
        one.table.weight().requireGrad();
        LayerGradients.requireRight(
                one.table,
                Map.of(),
                () -> one.table
                        .forward(ids)
                        .mul(upstream)
                        .sum()
                        .add(head.linear(one.table.head(), null).mul(logits).sum()));
    }

    /// The norm counts as a constant, so the whole formula's differences are not the gradients; those of the
    /// formula with the norm held fast are.
    @Test
    void gradientsOfDoraAreThoseWithAConstantNorm() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withDora(true), Rng.of(2));
        shuffle(adapters, "a", 3);
        Dora part = (Dora) adapters.parts("a").get("linear");
        Tensor x = input(4, 2, 4).requireGrad();
        Tensor upstream = input(5, 2, 3);
        Tensor norm = BaseWeight.lengths(one.linear.weight(), part.a(), part.b(), part.scale())
                .detach();
        Map<String, Tensor> inputs = new LinkedHashMap<>(part.namedParameters());
        inputs.put("x", x);
        Supplier<Tensor> fixed = () -> {
            Tensor w =
                    one.linear.weight().detach().add(part.b().matmul(part.a()).mul(part.scale()));
            Tensor rows = w.mul(part.magnitude().div(norm).reshape(3, 1));
            return x.linear(rows, one.linear.bias().detach()).mul(upstream).sum();
        };
        GradientCheck.of(fixed, inputs).requirePass();
        List<double[]> expected = gradients(fixed, inputs);
        List<double[]> ours =
                gradients(() -> one.linear.forward(x).mul(upstream).sum(), inputs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i)).containsExactly(expected.get(i), within(1e-11));
        }
    }

    private static List<double[]> gradients(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        inputs.values().forEach(Tensor::zeroGrad);
        function.get().backward();
        List<double[]> all = new ArrayList<>();
        inputs.values().forEach(each -> all.add(each.grad().toArray()));
        return all;
    }

    // --- several

    @Property(tries = 200)
    void severalAddUpAndCatIsTheirSum(
            @ForAll long seed,
            @ForAll @IntRange(min = -4, max = 4) int first,
            @ForAll @IntRange(min = -4, max = 4) int second) {
        One one = one(5, 4, seed);
        Tensor x = input(seed, 3, 5);
        double[] plain = one.linear.forward(x).toArray();
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(seed));
        shuffle(adapters, "a", seed);
        double[] a = one.linear.forward(x).toArray();
        adapters.add("b", lora(1).withRslora(true), Rng.of(seed + 1));
        shuffle(adapters, "b", seed + 1);
        double[] b = one.linear.forward(x).toArray();
        adapters.use();
        assertThat(one.linear.forward(x).toArray()).isEqualTo(plain);
        adapters.use("a");
        assertThat(one.linear.forward(x).toArray()).isEqualTo(a);
        double[] both = new double[plain.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = plain[i] + first * 0.5 * (a[i] - plain[i]) + second * 0.5 * (b[i] - plain[i]);
        }
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        weights.put("a", first * 0.5);
        weights.put("b", second * 0.5);
        adapters.use(weights);
        near(one.linear.forward(x), both, 1e-10);
        adapters.merge();
        near(one.linear.forward(x), both, 1e-10);
        adapters.unmerge();
        adapters.combine("cat", weights, new Combination.Cat());
        near(one.linear.forward(x), both, 1e-10);
        assertThat(((Lora) adapters.parts("cat").get("linear")).a().dim(0)).isEqualTo(3);
        adapters.combine("svd", weights, new Combination.Svd(3));
        near(one.linear.forward(x), both, 1e-10); // rank 3 holds the sum of ranks 2 and 1
    }

    /// By the numbers of the papers' rules on matrices of one row.
    @Test
    void rulesOfEntries() {
        Tensor b = Tensor.ones(1, 1).to(DType.FLOAT64);
        List<LowRank> pairs = List.of(
                new LowRank(Tensor.of(new double[] {4, -1, 3, 0.5}, 1, 4), b),
                new LowRank(Tensor.of(new double[] {2, 5, -4, 0.1}, 1, 4), b));
        assertThat(new Combination.Linear()
                        .of("l", pairs, new double[] {4, -9})
                        .a()
                        .toArray())
                .containsExactly(2 * 4 - 3 * 2, -2 - 15, 6 + 12, 1 - 0.3);
        assertThat(new Combination.MagnitudePrune(0.5)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly(4, 10, 3 - 8, 0);
        // sums 4, 5, -1: the first has the sign +, the third -; halves of four are two entries each
        assertThat(new Combination.Ties(0.5)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly(4, 10, -8, 0);
        assertThat(new Combination.Ties(1)
                        .of("l", pairs, new double[] {1, 4})
                        .a()
                        .toArray())
                .containsExactly((4 + 2 * 2) / 2.0, 10, -8, (0.5 + 0.2) / 2);
        double[] dare = new Combination.DareLinear(0.5, Rng.of(1))
                .of("l", pairs, new double[] {1, 0})
                .a()
                .toArray();
        double[] given = {4, -1, 3, 0.5};
        for (int i = 0; i < 4; i++) {
            assertThat(dare[i]).isIn(0.0, 2 * given[i]);
        }
    }

    @Test
    void modulesToSaveAreTrainedAsAWholeAndSwitched() {
        Gpt gpt = gpt(Head.OWN);
        double[] plain = gpt.forward(IDS).toArray();
        Adapters adapters = Adapters.of(gpt);
        LoraConfig config = LoraConfig.of(Targets.allLinear()).withR(2).withModulesToSave("lm_head", "ln_f");
        adapters.add("a", config, Rng.of(1));
        assertThat(adapters.modules("a").keySet()).containsExactly("lm_head.weight", "ln_f.weight", "ln_f.bias");
        assertThat(adapters.parts("a").keySet()).doesNotContain("lm_head");
        assertThat(gpt.namedParameters().get("ln_f.weight").requiresGrad()).isTrue();
        assertThat(gpt.namedParameters().get("h.0.ln_1.weight").requiresGrad()).isFalse();
        adapters.modules("a").get("ln_f.bias").set(1, 2, 3, 4, 5, 6, 7, 8);
        double[] changed = gpt.forward(IDS).toArray();
        assertThat(changed).isNotEqualTo(plain);
        adapters.use();
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThat(gpt.parameters()).noneMatch(Tensor::requiresGrad);
        adapters.use("a");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(changed);
        adapters.add("b", config, Rng.of(2));
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThatThrownBy(() -> adapters.use("a", "b"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("both have values of their own for lm_head.weight");
        adapters.remove("b");
        adapters.remove("a");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
    }

    @Test
    void aTiedHeadHasTheTrainedTokensAndNoLora() {
        Gpt gpt = gpt(Head.TIED);
        Adapters adapters = Adapters.of(gpt);
        adapters.add(
                "a", LoraConfig.of(Targets.named("c_attn")).withTrainableTokens(Map.of("wte", List.of(5))), Rng.of(1));
        ((TrainableTokens) adapters.parts("a").get("wte")).rows().set(9, 9, 9, 9, 9, 9, 9, -9);
        Tensor apart = gpt.forward(IDS);
        adapters.merge();
        near(gpt.forward(IDS), apart.toArray(), 1e-4);
        adapters.unmerge();
        adapters.add("b", LoraConfig.of(Targets.named("wte")).withR(2), Rng.of(1));
        shuffle(adapters, "b", 2);
        apart = gpt.forward(IDS);
        adapters.merge();
        near(gpt.forward(IDS), apart.toArray(), 1e-3);
    }

    // --- where

    private static List<String> chosen(Targets targets) {
        return List.copyOf(targets.in(gpt(Head.OWN)).keySet());
    }

    @Test
    void layersAreChosenByEveryKindOfTarget() {
        assertThat(chosen(Targets.named("c_attn"))).containsExactly("h.0.attn.c_attn", "h.1.attn.c_attn");
        assertThat(chosen(Targets.named("attn.c_proj", "wte")))
                .containsExactly("wte", "h.0.attn.c_proj", "h.1.attn.c_proj");
        assertThat(chosen(Targets.named("h.1.mlp.c_fc"))).containsExactly("h.1.mlp.c_fc");
        assertThat(chosen(Targets.matching(".*\\.mlp\\.c_.*").except("c_fc")))
                .containsExactly("h.0.mlp.c_proj", "h.1.mlp.c_proj");
        assertThat(chosen(Targets.allLinear())).hasSize(8).doesNotContain("lm_head");
        assertThat(chosen(Targets.allLinear().exceptMatching("h\\.0\\..*"))).hasSize(4);
        assertThat(chosen(Targets.where((name, layer) -> layer instanceof Linear l && l.out() == 24)))
                .containsExactly("h.0.attn.c_attn", "h.1.attn.c_attn");
        assertThat(chosen(Targets.named("c_attn").layers(1).layersIn("h"))).containsExactly("h.1.attn.c_attn");
        assertThatThrownBy(() -> chosen(Targets.named("c_attn").layers(1).layersIn("x")))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> chosen(Targets.named("attn")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("targets: h.0.attn is a ");
        assertThatThrownBy(() -> chosen(Targets.named("q_proj")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("targets: no layer of the model is chosen");
        assertThatThrownBy(() -> Targets.matching("(")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> chosen(Targets.matching(".*.*.*.*.*.*.*.*.*.*.*.*!")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("takes too long");
    }

    @Test
    void patternsChangeRankAndAlpha() {
        Gpt gpt = gpt(Head.OWN);
        Adapters adapters = Adapters.of(gpt);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        ranks.put("h.1.attn.c_attn", 3);
        ranks.put("c_attn|c_fc", 1);
        adapters.add(
                "a",
                LoraConfig.of(Targets.allLinear())
                        .withR(2)
                        .withRankPattern(ranks)
                        .withAlphaPattern(new LinkedHashMap<>(Map.of("mlp\\.c_.*", 5.0))),
                Rng.of(1));
        Lora first = (Lora) adapters.parts("a").get("h.1.attn.c_attn");
        Lora second = (Lora) adapters.parts("a").get("h.0.mlp.c_fc");
        Lora third = (Lora) adapters.parts("a").get("h.0.attn.c_proj");
        assertThat(List.of(first.a().dim(0), second.a().dim(0), third.a().dim(0)))
                .containsExactly(3, 1, 2);
        assertThat(List.of(first.scale(), second.scale(), third.scale())).containsExactly(8.0 / 3, 5.0, 4.0);
    }

    // --- what is refused

    @Test
    void whatCannotBeIsRefusedAndNothingChanges() {
        Gpt gpt = gpt(Head.OWN);
        double[] plain = gpt.forward(IDS).toArray();
        Adapters adapters = Adapters.of(gpt);
        LoraConfig config = LoraConfig.of(Targets.named("c_attn"));
        assertThatThrownBy(() -> adapters.add("a", config.withR(9), Rng.of(1))) // BAD-INPUT 29
                .isInstanceOf(ConfigException.class)
                .hasMessage("LoRA on h.0.attn.c_attn: r must be from 1 to 8, the smaller side of its (24, 8) matrix;"
                        + " got 9");
        assertThatThrownBy(() -> config.withR(0)).hasMessage("lora: r must be at least 1; got 0");
        assertThatThrownBy(() -> config.withAlpha(Double.NaN)) // BAD-INPUT 30
                .hasMessage("lora: alpha must be above 0; got NaN");
        assertThatThrownBy(() -> config.withDropout(1)).hasMessage("lora: dropout must be in [0, 1); got 1.0");
        assertThatThrownBy(() -> adapters.add("a.b", config, Rng.of(1))).hasMessageContaining("without dots");
        assertThatThrownBy(() -> adapters.add("a", config.withModulesToSave("head"), Rng.of(1)))
                .hasMessage("modulesToSave: the model has no layer head");
        assertThatThrownBy(() -> adapters.add("a", config.withTrainableTokens(Map.of("wte", List.of(7))), Rng.of(1)))
                .hasMessage("trainable tokens of wte: a token must be from 0 to 6; got 7");
        assertThatThrownBy(() -> adapters.add(
                        "a", config.withTargets(Targets.named("wte")).withDora(true), Rng.of(1)))
                .hasMessage("lora: wte is an Embedding; DoRA adapts a Linear");
        assertThatThrownBy(() -> adapters.use("b")).hasMessage("adapters: there is no adapter \"b\"; there are []");
        assertThat(gpt.forward(IDS).toArray()).isEqualTo(plain);
        assertThat(adapters.names()).isEmpty();
        adapters.add("a", config, Rng.of(1));
        assertThatThrownBy(() -> adapters.add("a", config, Rng.of(1)))
                .hasMessage("adapters: there is an adapter \"a\" already");
        assertThatThrownBy(() -> Adapters.of(gpt)).hasMessageContaining("has an adapter already");
        adapters.merge();
        assertThatThrownBy(() -> adapters.use("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> adapters.remove("a")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> adapters.add("b", config, Rng.of(1))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void dropoutIsOfTheAdaptersPathOnly() {
        One one = one(64, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withDropout(0.5), Rng.of(2));
        Tensor x = input(4, 2, 64);
        one.train();
        one.random(Rng.of(1));
        assertThat(one.linear.forward(x).toArray()).isEqualTo(one.linear.base(x).toArray()); // B = 0
        shuffle(adapters, "a", 3);
        double[] first = one.linear.forward(x).toArray();
        one.random(Rng.of(2));
        assertThat(one.linear.forward(x).toArray()).isNotEqualTo(first);
        one.eval();
        near(one.linear.forward(x), byLoops(one, (Lora) adapters.parts("a").get("linear"), x, 1.5), 1e-10);
    }

    /// It drops numbers of x, and not of A·x: with two inputs and r = 1, each of them goes through alone in
    /// some rows.
    @Test
    void dropoutIsOfTheInput() {
        One one = one(2, 1, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(1).withDropout(0.5), Rng.of(2));
        shuffle(adapters, "a", 3);
        Lora part = (Lora) adapters.parts("a").get("linear");
        one.train();
        one.random(Rng.of(1));
        Tensor x = Tensor.ones(200, 2).to(DType.FLOAT64);
        double[] added = one.linear.forward(x).sub(one.linear.base(x)).toArray();
        double scale = 3 * part.b().get(0, 0) / 0.5; // what stays is divided by 1 - p
        double[] parts = {0, scale * part.a().get(0, 0), scale * part.a().get(0, 1), 0};
        parts[3] = parts[1] + parts[2];
        int[] seen = new int[4];
        for (double each : added) {
            for (int i = 0; i < 4; i++) {
                seen[i] += Math.abs(each - parts[i]) < 1e-12 * Math.abs(scale) ? 1 : 0;
            }
        }
        assertThat(IntStream.of(seen).sum()).isEqualTo(200);
        for (int count : seen) {
            assertThat(count).isBetween(20, 80); // 50 of 200, of standard deviation 6
        }
    }

    /// Of 1600 numbers: uniform within ±1/√in, of variance 1/(3·in), and normal with deviation 1/r. The estimated
    /// variances have deviations of 2.2 % and 3.5 %; allowed are four of them.
    @Test
    void theFirstNumbersHaveTheirSizes() {
        for (LoraStart start : List.of(LoraStart.KAIMING, LoraStart.GAUSSIAN)) {
            One one = one(400, 5, 1);
            Adapters adapters = Adapters.of(one);
            adapters.add("a", lora(4).withStart(start), Rng.of(2));
            double[] a = ((Lora) adapters.parts("a").get("linear")).a().toArray();
            double square = Arrays.stream(a).map(each -> each * each).average().orElseThrow();
            double largest = Arrays.stream(a).map(Math::abs).max().orElseThrow();
            if (start == LoraStart.KAIMING) {
                assertThat(largest).isBetween(0.99 / 20, 1.0 / 20);
                assertThat(square).isCloseTo(1.0 / 1200, within(0.09 / 1200));
            } else {
                assertThat(square).isCloseTo(1.0 / 16, within(0.14 / 16));
            }
        }
    }
}
