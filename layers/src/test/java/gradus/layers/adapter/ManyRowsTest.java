package gradus.layers.adapter;

import static gradus.layers.adapter.SmallAdapters.input;
import static gradus.layers.adapter.SmallAdapters.lora;
import static gradus.layers.adapter.SmallAdapters.near;
import static gradus.layers.adapter.SmallAdapters.one;
import static gradus.layers.adapter.SmallAdapters.shuffle;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.Dropout;
import gradus.layers.LayerGradients;
import gradus.layers.adapter.SmallAdapters.One;
import gradus.tensor.Tensor;
import gradus.tensor.op.product.LowRankLinear;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// LoRA on a layer whose x has so many rows that its matrix and what is added to it are multiplied at once.
class ManyRowsTest {
    /// One to three adapters with weights, over a plain or a quantised base: the sum over adapters and
    /// elements, and the same whether x comes whole or row by row.
    @Property(tries = 200)
    void isTheSumOfWhatEachAdapterAdds(
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 2, max = 20) int out,
            @ForAll @IntRange(min = 1, max = 3) int count,
            @ForAll boolean quantized,
            @ForAll boolean rslora,
            @ForAll long seed) {
        One one = one(in, out, seed);
        if (quantized) {
            Quantization.quantize(one, QuantConfig.NF4, List.of());
        }
        Adapters adapters = Adapters.of(one);
        Map<String, Double> weights = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int rank = 1 + i % Math.min(in, out);
            adapters.add("a" + i, lora(rank).withRslora(rslora), Rng.of(seed).at(i));
            shuffle(adapters, "a" + i, seed + i);
            weights.put("a" + i, 1 - 0.75 * i);
        }
        adapters.use(weights);
        int rows = Math.ceilDiv(2 * in * out, in + out);
        Tensor x = input(seed + 1, rows, in);
        double[] w = new BaseWeight(one.linear).values().toArray();
        double[] expected = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                expected[r * out + o] = one.linear.bias().get(o);
                for (int j = 0; j < in; j++) {
                    double element = w[o * in + j];
                    for (int i = 0; i < count; i++) {
                        Lora part = (Lora) adapters.parts("a" + i).get("linear");
                        int rank = part.a().dim(0);
                        double s = (rslora ? 3 / Math.sqrt(rank) : 3.0 / rank) * (1 - 0.75 * i);
                        for (int k = 0; k < rank; k++) {
                            element += s * part.b().get(o, k) * part.a().get(k, j);
                        }
                    }
                    expected[r * out + o] += x.get(r, j) * element;
                }
            }
        }
        assertThat(LowRankLinear.pays(rows, in, out)).isTrue();
        // Sums of some 60 float64 terms, none above 1,000.
        near(one.linear.forward(x), expected, 1e-9);
        for (int r = 0; r < rows; r += 7) {
            double[] row = new double[out];
            System.arraycopy(expected, r * out, row, 0, out);
            near(one.linear.forward(x.slice(0, r, r + 1)), row, 1e-9);
        }
    }

    /// In float32, merging changes a result by its roundings only: of W' once more, and of the sums on either
    /// side.
    @Property(tries = 200)
    void mergedIsUnmerged(
            @ForAll @IntRange(min = 1, max = 40) int in,
            @ForAll @IntRange(min = 2, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 4) int rank,
            @ForAll long seed) {
        One one = one(in, out, seed).to(DType.FLOAT32);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(Math.min(rank, Math.min(in, out))), Rng.of(seed));
        shuffle(adapters, "a", seed);
        Lora part = (Lora) adapters.parts("a").get("linear");
        Tensor x = input(seed, Math.max(in, out), in).to(DType.FLOAT32);
        Tensor size = part.b()
                .abs()
                .matmul(part.a().abs())
                .mul(part.scale())
                .add(one.linear.weight().abs());
        double largest = x.abs().linear(size, one.linear.bias().abs()).max().item();
        Tensor unmerged = one.linear.forward(x);
        adapters.merge();
        // Each side: rank sums, 3 products and one addition to W, then in products and sums and the bias.
        double bound = 2 * (rank + in + 6) * 0x1p-24 * largest;
        near(one.linear.forward(x), unmerged.toArray(), bound);
    }

    @Test
    void gradientsAreRight() {
        for (boolean quantized : new boolean[] {false, true}) {
            One one = one(4, 3, 1);
            if (quantized) {
                Quantization.quantize(one, QuantConfig.NF4, List.of());
            }
            Adapters adapters = Adapters.of(one);
            adapters.add("a", lora(2), Rng.of(2));
            adapters.add("b", lora(1), Rng.of(3));
            shuffle(adapters, "a", 3);
            shuffle(adapters, "b", 4);
            adapters.use("a", "b");
            if (!quantized) {
                one.linear.weight().requireGrad(); // a base that is trained, too
            }
            Tensor x = input(4, 5, 4).requireGrad();
            Tensor upstream = input(5, 5, 3);
            LayerGradients.requireRight(
                    one.linear,
                    Map.of("x", x),
                    () -> one.linear.forward(x).mul(upstream).sum());
        }
    }

    /// Dropout takes elements of x from the adapter and leaves them to the base.
    @Test
    void droppedElementsStillMeetTheBase() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2).withDropout(0.5), Rng.of(2));
        shuffle(adapters, "a", 3);
        Lora part = (Lora) adapters.parts("a").get("linear");
        Dropout dropout = (Dropout) one.layer("linear.a.lora_dropout");
        Tensor x = input(4, 30, 4);
        Tensor base = x.linear(one.linear.weight(), one.linear.bias());
        one.<One>train().random(Rng.of(5));
        Tensor dropped = dropout.forward(x);
        assertThat(dropped.toArray()).contains(0);
        double[] training =
                base.add(dropped.linear(part.deltaWeight(null), null)).toArray();
        near(one.linear.forward(x), training, 1e-12);
        one.<One>eval();
        near(
                one.linear.forward(x),
                base.add(x.linear(part.deltaWeight(null), null)).toArray(),
                1e-12);
    }

    /// What a hook makes of the adapter's x counts, and it is called once.
    @Test
    void hooksOnTheDropoutAreCalled() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(2));
        shuffle(adapters, "a", 3);
        Tensor x = input(4, 30, 4);
        List<Tensor> seen = new ArrayList<>();
        try (var hook = one.layer("linear.a.lora_dropout").hook(y -> {
            seen.add(y);
            return y.mul(0);
        })) {
            near(one.linear.forward(x), one.linear.base(x).toArray(), 1e-12);
        }
        assertThat(seen).hasSize(1);
    }

    /// Beside a part that is no update, and for one that is not in use.
    @Test
    void otherPartsAreAddedAsBefore() {
        One one = one(4, 3, 1);
        Adapters adapters = Adapters.of(one);
        adapters.add("a", lora(2), Rng.of(2));
        adapters.add("dora", lora(2).withDora(true), Rng.of(3));
        adapters.add("idle", lora(1), Rng.of(4));
        for (String name : List.of("a", "dora", "idle")) {
            shuffle(adapters, name, name.length());
        }
        Tensor x = input(4, 30, 4);
        Tensor w = one.linear.weight();
        Tensor changed = w;
        for (String name : List.of("a", "dora")) {
            changed = changed.add(adapters.parts(name).get("linear").deltaWeight(w));
        }
        adapters.use("a", "dora");
        near(one.linear.forward(x), x.linear(changed, one.linear.bias()).toArray(), 1e-12);
        adapters.use();
        near(one.linear.forward(x), x.linear(w, one.linear.bias()).toArray(), 1e-12);
    }
}
