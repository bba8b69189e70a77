package gradus.layers.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.quant.NestedScales;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Adapters over a quantised base: they do what they do over the decoded one.
class QuantizedBaseTest {
    private static final int IN = 64; // two blocks of Q8_0, one of NF4

    private static final class One extends Layer {
        final Linear linear;

        One(int out, long seed) {
            linear = child("linear", new Linear(IN, out, Rng.of(seed).at("linear")));
        }
    }

    /// A quantised layer, or, with the same numbers, one that is not.
    private static One one(int out, long seed, QuantConfig config, boolean decoded) {
        One one = new One(out, seed).to(DType.FLOAT64);
        Quantization.quantize(one, config, List.of());
        if (decoded) {
            Quantization.dequantize(one);
        }
        return one;
    }

    @Provide
    Arbitrary<QuantConfig> formats() {
        return Arbitraries.of(QuantConfig.ALL);
    }

    private static List<AdapterConfig> kinds(int r) {
        LoraConfig lora = LoraConfig.of(Targets.named("linear")).withR(r).withAlpha(3);
        return List.of(
                lora,
                lora.withStart(LoraStart.GAUSSIAN).withRslora(true).withDropout(0.3),
                lora.withDora(true),
                lora.withDora(true).withDropout(0.3),
                Ia3Config.of(Targets.named("linear")),
                Ia3Config.of(Targets.named("linear"), "linear"));
    }

    private static void shuffle(Adapters adapters, long seed) {
        int i = 0;
        for (Part part : adapters.parts("a").values()) {
            for (Tensor each : part.parameters()) {
                Tensor noise =
                        Tensor.randn(Rng.of(seed).at(i++), each.shape().dims()).to(each.dtype());
                each.copyFrom(each.detach().add(noise));
            }
        }
    }

    private static void near(Tensor actual, Tensor expected) {
        double[] ours = actual.toArray();
        double[] theirs = expected.toArray();
        assertThat(ours).hasSize(theirs.length);
        for (int i = 0; i < ours.length; i++) { // float64, sums of 64 terms in another order
            assertThat(ours[i]).isCloseTo(theirs[i], within(1e-10 * Math.max(1, Math.abs(theirs[i]))));
        }
    }

    /// What comes out and every gradient.
    private static List<Tensor> outcome(One one, Adapters adapters, Tensor x) {
        one.<One>train().random(Rng.of(5));
        Tensor input = x.clone().requireGrad();
        Tensor y = one.linear.forward(input);
        y.mul(y).sum().backward();
        List<Tensor> all = new ArrayList<>(List.of(y.detach(), input.grad()));
        adapters.parts("a").values().forEach(part -> part.parameters().forEach(each -> all.add(each.grad())));
        return all;
    }

    @Property(tries = 200)
    void everyKindDoesWhatItDoesOverTheDecodedBase(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll @IntRange(min = 1, max = 3) int rank,
            @ForAll @IntRange(min = 1, max = 30) int rows,
            @ForAll("formats") QuantConfig config,
            @ForAll @IntRange(max = 5) int which) {
        AdapterConfig kind = kinds(Math.min(rank, out)).get(which);
        Tensor x = Tensor.randn(Rng.of(seed).at("x"), rows, IN).to(DType.FLOAT64);
        One quantized = one(out, seed, config, false);
        One decoded = one(out, seed, config, true);
        Tensor plain = quantized.linear.forward(x);
        Adapters over = Adapters.of(quantized);
        Adapters beside = Adapters.of(decoded);
        over.add("a", kind, Rng.of(seed));
        beside.add("a", kind, Rng.of(seed));
        near(quantized.<One>eval().linear.forward(x), plain); // as before, at the start
        shuffle(over, seed);
        shuffle(beside, seed);
        List<Tensor> ours = outcome(quantized, over, x);
        List<Tensor> theirs = outcome(decoded, beside, x);
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.size(); i++) {
            near(ours.get(i), theirs.get(i));
        }
        assertThat(quantized.linear.bias().grad()).isNull(); // nothing reaches the base
    }

    /// The strips of a matrix that is decoded in several.
    @Test
    void lengthsOfManyRowsAreThoseOfTheWholeMatrix() {
        One one = new One(5000, 3).to(DType.FLOAT64); // 64·5000 elements: strips of 2048 rows, the last one shorter
        Quantization.quantize(one, QuantConfig.NF4_DOUBLE, List.of());
        Tensor a = Tensor.randn(Rng.of(1), 2, IN).to(DType.FLOAT64);
        Tensor b = Tensor.randn(Rng.of(2), 5000, 2).to(DType.FLOAT64);
        double[] lengths = new BaseWeight(one.linear).lengths(a, b, 0.7).toArray();
        double[] w = Tensor.of(one.linear.quantized()).toArray();
        for (int o = 0; o < 5000; o++) {
            double sum = 0;
            for (int i = 0; i < IN; i++) {
                double element = w[o * IN + i] + 0.7 * (b.get(o, 0) * a.get(0, i) + b.get(o, 1) * a.get(1, i));
                sum += element * element;
            }
            assertThat(lengths[o]).isCloseTo(Math.sqrt(sum), within(1e-12 * Math.sqrt(sum)));
        }
    }

    @Property(tries = 200)
    void startsThatTakeAPartLeaveItsRemainderQuantised(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll("formats") QuantConfig config,
            @ForAll boolean dora,
            @ForAll boolean olora) {
        One one = one(out, seed, config, false);
        QuantizedMatrix before = one.linear.quantized();
        Tensor decoded = Tensor.of(before).to(DType.FLOAT64);
        Tensor x = Tensor.randn(Rng.of(seed).at("x"), 2, IN).to(DType.FLOAT64);
        Tensor plain = one.linear.forward(x);
        Adapters adapters = Adapters.of(one);
        LoraConfig lora = LoraConfig.of(Targets.named("linear"))
                .withR(1)
                .withAlpha(2)
                .withDora(dora)
                .withStart(olora ? LoraStart.OLORA : LoraStart.PISSA);
        adapters.add("a", lora, Rng.of(seed));
        QuantizedMatrix rest = one.linear.quantized();
        assertThat(rest.format()).isEqualTo(before.format());
        assertThat(rest.scales() instanceof NestedScales).isEqualTo(before.scales() instanceof NestedScales);
        Part part = adapters.parts("a").get("linear");
        Tensor a = part.namedParameters().get("lora_A.weight");
        Tensor b = part.namedParameters().get("lora_B.weight");
        Tensor start = b.matmul(a).mul(2).detach(); // (out, in)
        assertThat(rest.same(decoded.sub(start).quantize(config))).isTrue();
        Tensor expected = x.linear(Tensor.of(rest).to(DType.FLOAT64).add(start), one.linear.bias())
                .detach();
        near(one.linear.forward(x), expected); // of DoRA too: m is the length of the rows that it divides by

        adapters.use();
        assertThat(one.linear.quantized()).isSameAs(before);
        assertThat(one.linear.forward(x).toArray()).isEqualTo(plain.toArray());
        adapters.use("a");
        assertThat(one.linear.quantized()).isSameAs(rest);
        adapters.remove("a");
        assertThat(one.linear.quantized()).isSameAs(before);
    }

    @Test
    void gradientsOfEveryKindAreRight() {
        for (AdapterConfig kind :
                kinds(2).stream().filter(each -> !isDora(each)).toList()) {
            One one = one(3, 4, QuantConfig.NF4_DOUBLE, false);
            Adapters adapters = Adapters.of(one);
            adapters.add("a", kind, Rng.of(1));
            shuffle(adapters, 7);
            one.<One>eval();
            Tensor x = Tensor.randn(Rng.of(2), 2, IN).to(DType.FLOAT64).requireGrad();
            Map<String, Tensor> all =
                    new LinkedHashMap<>(adapters.parts("a").get("linear").namedParameters());
            all.put("x", x);
            Tensor weights = Tensor.randn(Rng.of(3), 2, 3).to(DType.FLOAT64);
            GradientCheck.of(() -> one.linear.forward(x).mul(weights).sum(), all)
                    .requirePass();
        }
    }

    /// DoRA's norm counts as a constant, so differences are not its gradients; AdaptersTest shows those over a
    /// base that is not quantised, and the law above that these are the same.
    private static boolean isDora(AdapterConfig config) {
        return config instanceof LoraConfig lora && lora.useDora();
    }

    @Test
    void whatCannotBeDoneWithAQuantisedMatrixIsRefusedAndNothingChanges() {
        One one = one(4, 1, QuantConfig.Q8_0, false);
        Adapters adapters = Adapters.of(one);
        LoraConfig lora = LoraConfig.of(Targets.named("linear")).withR(2);
        adapters.add("a", lora, Rng.of(1));
        shuffle(adapters, 2);
        Tensor x = Tensor.randn(Rng.of(3), 2, IN).to(DType.FLOAT64);
        double[] before = one.linear.forward(x).toArray();
        assertThatThrownBy(adapters::merge)
                .isInstanceOf(ConfigException.class)
                .hasMessage("adapters: linear is quantised, and nothing can be added to a quantised matrix; dequantize"
                        + " the model first");
        assertThat(adapters.isMerged()).isFalse();
        assertThat(one.linear.forward(x).toArray()).isEqualTo(before);
        assertThatThrownBy(() -> adapters.add("b", lora.withModulesToSave("linear"), Rng.of(1)))
                .isInstanceOf(ConfigException.class);
        One two = one(4, 1, QuantConfig.Q8_0, false);
        Layer outer = new Layer() {
            {
                child("one", two);
                child("other", one(4, 2, QuantConfig.Q8_0, false));
            }
        };
        assertThatThrownBy(() -> Adapters.of(outer)
                        .add(
                                "b",
                                LoraConfig.of(Targets.named("one.linear"))
                                        .withR(2)
                                        .withModulesToSave("other"),
                                Rng.of(1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("modulesToSave: other.linear is quantised, and quantised weights cannot be trained; leave"
                        + " it out of the quantisation");

        Quantization.dequantize(one);
        adapters.merge();
        near(one.linear.forward(x), Tensor.of(before, 2, 4));
    }
}
