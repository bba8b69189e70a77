package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RopeFrequenciesTest {
    private static final int DIM = 128;
    private static final int TRAINED = 4096;
    private static final double BASE = 10_000;

    /// A few roundings in double.
    private static final Offset<Double> EXACT = within(1e-12);

    private static double[] plain(double base, int headDim) {
        double[] angles = new double[headDim / 2];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = Math.exp(-2.0 * i / headDim * Math.log(base));
        }
        return angles;
    }

    private static List<Double> divisors(int pairs, double value) {
        return Collections.nCopies(pairs, value);
    }

    private static List<RopeFrequencies> scaled(double base, double scale, int headDim) {
        LongRope.Divisors divisors = new LongRope.Divisors(divisors(headDim / 2, 1), divisors(headDim / 2, scale));
        return List.of(
                new PositionInterpolation(base, scale),
                new NtkAware(base, scale),
                new DynamicNtk(base, scale, TRAINED),
                new Yarn(base, scale, TRAINED),
                new Llama3Scaling(base, scale, TRAINED),
                new LongRope(base, scale, TRAINED, divisors));
    }

    @Property(tries = 200)
    void scaleOneIsPlain(
            @ForAll @IntRange(min = 2, max = 70) int pairs,
            @ForAll @DoubleRange(min = 2, max = 1e6) double base,
            @ForAll @IntRange(min = 1, max = TRAINED) int length) {
        double[] expected = plain(base, 2 * pairs);
        assertThat(new PlainFrequencies(base).angles(2 * pairs, length)).containsExactly(expected, EXACT);
        for (RopeFrequencies frequencies : scaled(base, 1, 2 * pairs)) {
            assertThat(frequencies.angles(2 * pairs, length))
                    .as("%s", frequencies)
                    .containsExactly(expected, EXACT);
            assertThat(frequencies.factor()).isEqualTo(1);
        }
    }

    /// Pairs of equal speed would say nothing new, and a scale that speeds a pair up or slows it by more
    /// than itself would leave what the model was trained on.
    @Property(tries = 200)
    void anglesFallAndLieBetweenPlainAndInterpolated(
            @ForAll @IntRange(min = 2, max = 70) int pairs,
            @ForAll @DoubleRange(min = 100, max = 1e6) double base,
            @ForAll @DoubleRange(min = 1, max = 64) double scale) {
        double[] whole = plain(base, 2 * pairs);
        for (RopeFrequencies frequencies : scaled(base, scale, 2 * pairs)) {
            double[] angles = frequencies.angles(2 * pairs, 2 * TRAINED);
            boolean dynamic = frequencies instanceof DynamicNtk; // at 2L its scale is s·2 - (s - 1) = s + 1
            double slowest = dynamic ? scale + 1 : scale;
            for (int i = 0; i < pairs; i++) {
                assertThat(angles[i])
                        .as("%s, pair %d", frequencies, i)
                        .isBetween(whole[i] / slowest * (1 - 1e-12), whole[i] * (1 + 1e-12));
                assertThat(i == 0 || angles[i] < angles[i - 1]).isTrue();
            }
        }
    }

    /// With s = 4 and L = 2048 the angle at position p is the plain one at p/4.
    @Property(tries = 200)
    void interpolationMovesPositions(
            @ForAll @IntRange(min = 1, max = 70) int pairs, @ForAll @DoubleRange(min = 1, max = 64) double scale) {
        double[] angles = new PositionInterpolation(BASE, scale).angles(2 * pairs, 1);
        for (int i = 0; i < pairs; i++) {
            assertThat(17 * angles[i]).isCloseTo(17 / scale * plain(BASE, 2 * pairs)[i], EXACT);
        }
    }

    /// Chen et al. 2023, theorem 2.1: between whole positions an attention score is near the straight line.
    /// Its `D/(8·ln base)` stands for `½Σθ²`, which it is for large D.
    @Property(tries = 200)
    void interpolatedScoresAreBounded(
            @ForAll @IntRange(min = 2, max = 64) int pairs,
            @ForAll @IntRange(min = 0, max = 2000) int from,
            @ForAll @DoubleRange(min = 0, max = 1) double between,
            @ForAll long seed) {
        Rng rng = Rng.of(seed);
        double largest = 0;
        for (int i = 0; i < pairs; i++) {
            largest = Math.max(largest, Math.hypot(rng.gaussian(2 * i), rng.gaussian(2 * i + 1)));
        }
        double line = (1 - between) * score(rng, pairs, from) + between * score(rng, pairs, from + 1);
        double bound = largest * halfSumOfSquares(2 * pairs) * between * (1 - between);
        assertThat(Math.abs(score(rng, pairs, from + between) - line)).isLessThanOrEqualTo(bound + 1e-9);
    }

    @Test
    void thePapersBoundIsThatOfLargeHeads() {
        assertThat(DIM / (8 * Math.log(BASE)) / halfSumOfSquares(DIM)).isCloseTo(0.87, within(0.01));
        assertThat(1e6 / (8 * Math.log(BASE)) / halfSumOfSquares(1_000_000)).isCloseTo(1, within(1e-4));
    }

    private static double halfSumOfSquares(int headDim) {
        return Arrays.stream(plain(BASE, headDim))
                .map(angle -> angle * angle / 2)
                .sum();
    }

    /// `Σ Re(hᵢ·e^{ipθᵢ})` with standard normal parts of h.
    private static double score(Rng rng, int pairs, double p) {
        double[] angles = new PlainFrequencies().angles(2 * pairs, 1);
        double sum = 0;
        for (int i = 0; i < pairs; i++) {
            sum += rng.gaussian(2 * i) * Math.cos(p * angles[i]) - rng.gaussian(2 * i + 1) * Math.sin(p * angles[i]);
        }
        return sum;
    }

    @Property(tries = 200)
    void ntkSlowsTheSlowestPairByTheScaleAndTheFastestNotAtAll(
            @ForAll @IntRange(min = 2, max = 70) int pairs, @ForAll @DoubleRange(min = 1, max = 64) double scale) {
        double[] angles = new NtkAware(BASE, scale).angles(2 * pairs, 1);
        double[] whole = plain(BASE, 2 * pairs);
        assertThat(angles[0]).isEqualTo(1);
        assertThat(angles[pairs - 1] * scale / whole[pairs - 1]).isCloseTo(1, EXACT);
    }

    @Test
    void dynamicNtkBeginsAtTheTrainedLength() {
        DynamicNtk dynamic = new DynamicNtk(BASE, 2, TRAINED);
        assertThat(dynamic.angles(DIM, 1)).containsExactly(plain(BASE, DIM), EXACT);
        assertThat(dynamic.angles(DIM, TRAINED)).containsExactly(plain(BASE, DIM), EXACT);
        assertThat(dynamic.angles(DIM, TRAINED + 1)[DIM / 2 - 1])
                .isCloseTo(plain(BASE, DIM)[DIM / 2 - 1], within(1e-7))
                .isLessThan(plain(BASE, DIM)[DIM / 2 - 1]);
        // At n = 4L the scale is 2·4 - 1 = 7.
        assertThat(dynamic.angles(DIM, 4 * TRAINED))
                .containsExactly(new NtkAware(BASE, 7).angles(DIM, 1), within(1e-15));
        assertThat(dynamic.dependOnLength()).isTrue();
        assertThat(new NtkAware(BASE, 2).dependOnLength()).isFalse();
    }

    @Test
    void yarnsRampHasTheKnownEnds() {
        requireRamp(new Yarn(1e4, 2, 4096), 128, 20, 46);
        requireRamp(new Yarn(1e4, 2, 2048), 128, 16, 41);
        requireRamp(new Yarn(1e4, 2, 2048), 64, 8, 21);
        requireRamp(new Yarn(1e6, 2, 32_768), 128, 23, 40);
        requireRamp(new Yarn(1e6, 2, 32_768), 64, 11, 20);
    }

    private static void requireRamp(Yarn yarn, int headDim, int low, int high) {
        assertThat(yarn.low(headDim)).isEqualTo(low);
        assertThat(yarn.high(headDim)).isEqualTo(high);
        double[] whole = plain(yarn.base(), headDim);
        double[] angles = yarn.angles(headDim, 1);
        for (int i = 0; i < whole.length; i++) {
            double part = i <= low ? 0 : i >= high ? 1 : (double) (i - low) / (high - low);
            assertThat(angles[i] / whole[i]).isCloseTo(part / yarn.scale() + 1 - part, EXACT);
        }
    }

    @Test
    void yarnsTemperature() {
        assertThat(new Yarn(BASE, 1, TRAINED).factor()).isEqualTo(1);
        assertThat(new Yarn(BASE, 2, TRAINED).factor()).isCloseTo(1.0693, within(5e-5));
        assertThat(new Yarn(BASE, 4, TRAINED).factor()).isCloseTo(1.1386, within(5e-5));
        assertThat(new Yarn(BASE, 16, TRAINED).factor()).isCloseTo(1.2773, within(5e-5));
        assertThat(new Yarn(BASE, 32, TRAINED).factor()).isCloseTo(1.3466, within(5e-5));
    }

    /// A head of 8, base 10, L = 32, s = 4: without rounding the ramp ends at 8·ln(32/2π)/(2·ln 10) = 2.828,
    /// with it at 3, and it begins at 0 both times. The angles are those of transformers.
    @Test
    void x3_yarnsRampEndsBetweenTwoPairsWhereItIsNotTruncated() {
        double[] between = new Yarn(10, 4, 32, new Yarn.Rotations(32, 1, false)).angles(8, 1);
        double[] rounded = new Yarn(10, 4, 32, new Yarn.Rotations(32, 1, true)).angles(8, 1);
        Offset<Double> digits = within(5.1e-7); // six digits were printed; pair 1 comes from float32
        assertThat(between).containsExactly(new double[] {1, .413199, .148490, .044457}, within(1e-6));
        assertThat(rounded).containsExactly(new double[] {1, .421756, .158114, .044457}, digits);
        assertThat(new Yarn(10, 4, 32).angles(8, 1)).containsExactly(rounded, within(0.0));
    }

    @Test
    void f10_factorsCanBeSet() {
        assertThat(new Yarn(BASE, 4, TRAINED, Yarn.Rotations.OF_PAPER, 0.75).factor())
                .isEqualTo(0.75);
        assertThat(Yarn.factorOf(40, 0.707)).isCloseTo(1 + 0.0707 * Math.log(40), EXACT);
        assertThat(Yarn.factorOf(0.5, 3)).isEqualTo(1);
        LongRope.Divisors divisors = new LongRope.Divisors(divisors(4, 2), divisors(4, 5));
        assertThat(new LongRope(BASE, 4, 256, divisors, 1.19).factor()).isEqualTo(1.19);
        for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(() -> new Yarn(BASE, 4, 8, Yarn.Rotations.OF_PAPER, factor), "factor", "" + factor);
            refused(() -> new LongRope(BASE, 4, 8, divisors, factor), "factor", "" + factor);
        }
    }

    /// Llama 3.1: of 64 pairs 29 are kept, 6 mixed and 29 divided by 8.
    @Test
    void llama3KeepsMixesAndDivides() {
        double[] whole = plain(500_000, DIM);
        double[] angles = new Llama3Scaling(500_000, 8, 8192).angles(DIM, 1);
        int kept = 0;
        int divided = 0;
        for (int i = 0; i < whole.length; i++) {
            kept += Math.abs(angles[i] / whole[i] - 1) < 1e-12 ? 1 : 0;
            divided += Math.abs(angles[i] / whole[i] - 0.125) < 1e-12 ? 1 : 0;
        }
        assertThat(kept).isEqualTo(29);
        assertThat(divided).isEqualTo(29);
    }

    @Test
    void longRopeTakesTheListOfTheLength() {
        LongRope rope = new LongRope(BASE, 4, 256, new LongRope.Divisors(divisors(4, 2), divisors(4, 5)));
        double[] whole = plain(BASE, 8);
        for (int i = 0; i < 4; i++) {
            assertThat(rope.angles(8, 256)[i]).isCloseTo(whole[i] / 2, EXACT);
            assertThat(rope.angles(8, 257)[i]).isCloseTo(whole[i] / 5, EXACT);
        }
        assertThat(rope.factor()).isEqualTo(Math.sqrt(1.25)); // ln 4/ln 256 = 1/4
        assertThat(rope.dependOnLength()).isTrue();
    }

    @Test
    void agreeWithTransformers() throws IOException {
        agree("linear", g -> new PositionInterpolation(g.number(1), g.number(2)));
        agree("dynamic", g -> new DynamicNtk(g.number(1), g.number(2), g.whole(3)));
        agree("yarn", g -> new Yarn(g.number(1), g.number(2), g.whole(3)));
        agree("llama3", g -> new Llama3Scaling(g.number(1), g.number(2), g.whole(3)));
        agree("longrope", g -> new LongRope(g.number(1), g.number(2), g.whole(3), divisors(g)));
    }

    private static LongRope.Divisors divisors(Golden golden) {
        return new LongRope.Divisors(
                Arrays.stream(golden.field(1)).boxed().toList(),
                Arrays.stream(golden.field(2)).boxed().toList());
    }

    private static void agree(String kind, Function<Golden, RopeFrequencies> make) throws IOException {
        List<Golden> draws = Golden.of(kind);
        assertThat(draws).hasSizeGreaterThanOrEqualTo(5);
        for (Golden golden : draws) {
            RopeFrequencies frequencies = make.apply(golden);
            double[] angles = frequencies.angles(golden.whole(0), golden.whole(4));
            double[] expected = golden.field(4);
            assertThat(angles).hasSameSizeAs(expected);
            for (int i = 0; i < angles.length; i++) { // transformers computes in float32
                assertThat(angles[i] / expected[i])
                        .as("%s, pair %d", frequencies, i)
                        .isCloseTo(1, within(1e-5));
            }
            assertThat(frequencies.factor()).isCloseTo(golden.field(3)[0], within(1e-9));
        }
    }

    @Test
    void badInput() {
        for (double base : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) { // BAD-INPUT 39
            refused(() -> new PlainFrequencies(base), "base (theta)", "" + base);
            refused(() -> new PositionInterpolation(base, 2), "base (theta)");
            refused(() -> new NtkAware(base, 2), "base (theta)");
            refused(() -> new DynamicNtk(base, 2, 8), "base (theta)");
            refused(() -> new Yarn(base, 2, 8), "base (theta)");
            refused(() -> new Llama3Scaling(base, 2, 8), "base (theta)");
            refused(() -> new LongRope(base, 2, 8, new LongRope.Divisors(List.of(), List.of())), "base (theta)");
        }
        refused(() -> new Yarn(1, 2, 8), "above 1");
        refused(() -> new PositionInterpolation(BASE, 0.5), "scale", "0.5");
        refused(() -> new NtkAware(BASE, Double.NaN), "scale", "NaN");
        refused(() -> new DynamicNtk(BASE, 2, 0), "trainedLength", "0");
        refused(() -> new Yarn(BASE, 2, 8, new Yarn.Rotations(1, 32)), "kept=1.0");
        refused(() -> new Llama3Scaling(BASE, 2, 8, new Llama3Scaling.Rotations(4, 1)), "low=4.0");
        refused(() -> new LongRope(BASE, 2, 1, new LongRope.Divisors(List.of(), List.of())), "trainedLength");
        refused(() -> new LongRope.Divisors(List.of(1.0), List.of()), "one length");
        refused(() -> new LongRope.Divisors(List.of(0.0), List.of(1.0)), "0.0");
        LongRope.Divisors three = new LongRope.Divisors(divisors(3, 1), divisors(3, 1));
        refused(() -> new LongRope(BASE, 2, 8, three).angles(8, 1), "need 4 divisors; got 3");
        refused(() -> new NtkAware(BASE, 2).angles(2, 1), "above 2"); // D/(D-2)
        for (RopeFrequencies frequencies : scaled(BASE, 2, 8)) { // BAD-INPUT 23
            refused(() -> frequencies.angles(7, 1), "even", "7");
            refused(() -> frequencies.angles(0, 1), "even", "0");
        }
    }

    private static void refused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessageContainingAll(words);
    }
}
