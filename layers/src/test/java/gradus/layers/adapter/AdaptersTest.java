package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.Linear;
import gradus.layers.adapter.SmallAdapters.One;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The laws of adapters, on single layers.
class AdaptersTest {
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
