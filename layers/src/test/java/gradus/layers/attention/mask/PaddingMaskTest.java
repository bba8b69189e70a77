package gradus.layers.attention.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PaddingMaskTest {
    @Property(tries = 200)
    void hidesWhatIsNotValid(@ForAll("rows") boolean[][] valid) {
        boolean[] seen = KeyMask.full().and(PaddingMask.of(valid)).dense(Shape.of(3, 2, 7, 7));
        boolean[] causal = KeyMask.causal().and(PaddingMask.of(valid)).dense(Shape.of(3, 2, 7, 7));
        for (int at = 0; at < seen.length; at++) {
            int b = at / 7 / 7 / 2;
            assertThat(seen[at]).isEqualTo(valid[b][at % 7]);
            assertThat(causal[at]).isEqualTo(valid[b][at % 7] && at % 7 <= at / 7 % 7);
        }
    }

    /// What a padded sequence gives is what the sequence alone gives, on either side and whatever stands
    /// there.
    @Property(tries = 200)
    void paddingChangesNothing(
            @ForAll @IntRange(min = 1, max = 6) int length,
            @ForAll @IntRange(min = 0, max = 4) int padding,
            @ForAll long seed) {
        Tensor x = Tensor.randn(Rng.of(seed), 2, length + padding, 12).to(DType.FLOAT64);
        Tensor right = x.selfAttention(2, KeyMask.full().and(PaddingMask.right(length + padding, length)));
        Tensor alone = x.slice(0, 1, 2).slice(1, 0, length).selfAttention(2, KeyMask.full());
        assertNear(right.slice(0, 1, 2).slice(1, 0, length), alone);
        Tensor left = x.selfAttention(2, KeyMask.causal().and(PaddingMask.left(0, padding)));
        Tensor last = x.slice(0, 1, 2).slice(1, padding, padding + length).selfAttention(2, KeyMask.causal());
        assertNear(left.slice(0, 1, 2).slice(1, padding, padding + length), last);
        assertNear(left.slice(0, 0, 1), x.slice(0, 0, 1).selfAttention(2, KeyMask.causal()));
        // Padding that sees nothing gives zeros. BAD-INPUT 36
        double[] empty = padding == 0
                ? new double[0]
                : left.slice(0, 1, 2).slice(1, 0, padding).toArray();
        assertThat(DoubleStream.of(empty)).allMatch(value -> value == 0);
    }

    @Provide
    static Arbitrary<boolean[][]> rows() {
        Arbitrary<boolean[]> row =
                Arbitraries.of(true, false).array(boolean[].class).ofSize(7);
        return row.array(boolean[][].class).ofSize(3);
    }

    private static void assertNear(Tensor actual, Tensor expected) {
        double[] a = actual.toArray();
        double[] e = expected.toArray();
        for (int i = 0; i < e.length; i++) {
            assertThat(Math.abs(a[i] - e[i])).isLessThan(1e-12); // sums of at most ten terms of size 1
        }
    }

    @Test
    void aWholeSequenceOfPaddingGivesZeros() { // BAD-INPUT 36
        Tensor x = Tensor.randn(Rng.of(1), 1, 3, 6).requireGrad();
        Tensor y = x.selfAttention(1, PaddingMask.of(new boolean[1][3]));
        assertThat(y.toArray()).containsOnly(0);
        y.sum().backward();
        assertThat(x.grad().toArray()).containsOnly(0);
    }

    @Test
    void badInput() { // BAD-INPUT 35
        Tensor x = Tensor.ones(2, 3, 6);
        assertThatThrownBy(() -> x.selfAttention(1, PaddingMask.right(3)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the mask is for (1, any), sequences and keys; got (2, 3)");
        assertThatThrownBy(() -> x.selfAttention(1, PaddingMask.of(new boolean[2][4])))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("(2, 4), sequences and keys; got (2, 3)");
        assertThatThrownBy(() -> PaddingMask.of(new boolean[][] {{true}, {true, false}}))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PaddingMask.left(2, -1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(PaddingMask::right).isInstanceOf(ConfigException.class);
    }
}
