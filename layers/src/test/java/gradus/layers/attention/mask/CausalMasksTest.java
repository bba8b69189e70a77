package gradus.layers.attention.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// What holds for every causal pattern: what comes later changes nothing before, to the bit.
class CausalMasksTest {
    private static final int TIME = 24;

    static final List<KeyMask> MASKS = List.of(
            KeyMask.causal(),
            new SlidingWindow(5),
            new StridedSparse(4),
            new StridedHeads(5),
            new FixedSparse(6, 2),
            new FixedSparseHeads(6, 2),
            new GroupedCausal(8),
            new ShiftedSparse(8),
            new BigBird(3, 2, Rng.of(3)).and(KeyMask.causal()),
            KeyMask.causal().and(PaddingMask.left(3)));

    @Property(tries = 200)
    void nothingLeaks(
            @ForAll("masks") KeyMask mask, @ForAll @IntRange(min = 0, max = TIME - 1) int changed, @ForAll long seed) {
        Tensor x = Tensor.randn(Rng.of(seed), 1, TIME, 12); // two heads of 2
        double[] values = x.toArray();
        for (int c = 0; c < 12; c++) {
            values[changed * 12 + c] += 3;
        }
        Tensor bumped = Tensor.of(values, 1, TIME, 12).to(x.dtype());
        Tensor before = x.selfAttention(2, mask);
        Tensor after = bumped.selfAttention(2, mask);
        if (changed > 0) {
            assertThat(after.slice(1, 0, changed).toArray())
                    .isEqualTo(before.slice(1, 0, changed).toArray());
        }
        assertThat(after.select(1, changed).toArray()).satisfies(own -> {
            boolean hidden = mask.dense(gradus.tensor.type.Shape.of(1, 2, TIME, TIME))[changed * TIME + changed];
            assertThat(java.util.Arrays.equals(own, before.select(1, changed).toArray()))
                    .isEqualTo(!hidden);
        });
    }

    /// A window, a block or a group that holds the whole sequence leaves nothing of the pattern.
    @Property(tries = 200)
    void aPatternAsLargeAsTheSequenceIsCausalAttention(
            @ForAll @IntRange(min = 1, max = 12) int time,
            @ForAll @IntRange(min = 0, max = 9) int more,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll long seed) {
        Tensor x = Tensor.randn(Rng.of(seed), 2, time, 3 * 2 * heads).to(DType.FLOAT64);
        double[] causal = x.selfAttention(heads, KeyMask.causal()).toArray();
        int large = time + more;
        for (KeyMask mask : List.of(
                new SlidingWindow(large),
                new StridedSparse(large),
                new FixedSparse(large, 1),
                new GroupedCausal(time),
                new ShiftedSparse(time),
                new FixedSparseHeads(large, 1),
                new Longformer(large, 0).and(KeyMask.causal()),
                new BigBird(time, 1, Rng.of(seed)).and(KeyMask.causal()))) {
            assertThat(x.selfAttention(heads, mask).toArray())
                    .as("%s", mask)
                    .containsExactly(causal, within(1e-14)); // the same terms
        }
    }

    /// Of the strided heads this holds for the local half; the other half sees itself alone.
    @Property(tries = 200)
    void ofStridedHeadsTheLocalHalfIs(
            @ForAll @IntRange(min = 1, max = 12) int time,
            @ForAll @IntRange(min = 0, max = 9) int more,
            @ForAll @IntRange(min = 1, max = 4) int heads,
            @ForAll long seed) {
        Tensor x = Tensor.randn(Rng.of(seed), 1, time, 3 * 2 * heads).to(DType.FLOAT64);
        int own = 2 * ((heads + 1) / 2);
        double[] causal =
                x.selfAttention(heads, KeyMask.causal()).slice(2, 0, own).toArray();
        int large = time + more;
        assertThat(x.selfAttention(heads, new StridedHeads(large))
                        .slice(2, 0, own)
                        .toArray())
                .containsExactly(causal, within(1e-14)); // the same terms
    }

    @Provide
    static Arbitrary<KeyMask> masks() {
        return Arbitraries.of(MASKS);
    }
}
