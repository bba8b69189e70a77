package gradus.tensor;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SetSliceTest {
    /// Each element is the new one where the slice covers it, else the old one.
    @Property(tries = 200)
    void replacesTheSliceAndNothingElse(
            @ForAll @IntRange(min = 1, max = 4) int outer,
            @ForAll @IntRange(min = 1, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 4) int inner,
            @ForAll boolean wide,
            @ForAll long seed) {
        DType dtype = wide ? DType.FLOAT64 : DType.FLOAT32;
        Rng rng = Rng.of(seed);
        int count = 1 + rng.index(0, n);
        int start = rng.index(1, n - count + 1);
        Tensor x = Tensor.randn(rng.at(1), outer, n, inner).to(dtype);
        Tensor values = Tensor.randn(rng.at(2), outer, count, inner).to(dtype);
        double[] expected = x.toArray();
        double[] news = values.toArray();
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < count; j++) {
                for (int i = 0; i < inner; i++) {
                    expected[(o * n + start + j) * inner + i] = news[(o * count + j) * inner + i];
                }
            }
        }
        assertThat(x.setSlice(-2, start, values)).isSameAs(x);
        assertThat(x.toArray()).isEqualTo(expected);
    }

    /// A value that a backward needs may not change under it.
    @Test
    void countsAsAChange() {
        Tensor x = Tensor.ones(2, 3).requireGrad();
        Tensor y = x.mul(x).sum();
        x.setSlice(1, 0, Tensor.zeros(2, 1));
        refused(y::backward, "changed");
    }

    @Test
    void badInput() {
        Tensor x = Tensor.zeros(2, 3);
        refused(
                () -> x.setSlice(1, 2, Tensor.ones(2, 2)),
                "setSlice: values of shape (2, 2) do not fit at index 2 of axis 1 of shape (2, 3)");
        refused(() -> x.setSlice(1, -1, Tensor.ones(2, 1)), "do not fit at index -1");
        refused(() -> x.setSlice(1, 0, Tensor.ones(1, 1)), "values of shape (1, 1) do not fit");
        refused(() -> x.setSlice(2, 0, Tensor.ones(2, 1)), "axis");
        refused(() -> x.setSlice(1, 0, Tensor.ones(2)), "rank 2");
        refused(() -> x.setSlice(1, 0, Tensor.ones(2, 1).to(DType.FLOAT64)), "setSlice");
        refused(() -> x.setSlice(1, 0, null), "setSlice");
        assertThat(x.toArray()).containsOnly(0);
    }
}
