package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [PreferenceLoss], [PairLogProbs] and [SequenceLogProbs].
class PreferenceLossTest {
    private static double smoothing(PreferenceLoss loss) {
        return switch (loss) {
            case SIGMOID, ROBUST, SIGMOID_NORM, EXO_PAIR, AOT, AOT_UNPAIRED -> 0.2;
            default -> 0;
        };
    }

    private static PairLogProbs drawn(long seed, int n) {
        double[] lengths = new double[n];
        Arrays.setAll(lengths, i -> i % 4 + 1);
        double[] others = new double[n];
        Arrays.setAll(others, i -> i % 3 + 1);
        return new PairLogProbs(
                Drawn.normal(seed, n),
                Drawn.normal(seed + 1, n),
                Drawn.normal(seed + 2, n),
                Drawn.normal(seed + 3, n),
                Tensor.of(lengths, n),
                Tensor.of(others, n));
    }

    private static final List<PreferenceLoss> RANKED = List.of(PreferenceLoss.AOT, PreferenceLoss.AOT_UNPAIRED);

    private static PairLogProbs swapped(PairLogProbs p) {
        return new PairLogProbs(
                p.rejected(), p.chosen(), p.refRejected(), p.refChosen(), p.rejectedLength(), p.chosenLength());
    }

    /// The formulas of the papers, for one pair.
    private static double expected(PreferenceLoss loss, double a, double b, double[] lengths, double beta, double eps) {
        double h = a - b;
        double mean = a / lengths[0] - b / lengths[1];
        return switch (loss) {
            case SIGMOID -> -(1 - eps) * Drawn.logSigmoid(beta * h) - eps * Drawn.logSigmoid(-beta * h);
            case ROBUST ->
                (-(1 - eps) * Drawn.logSigmoid(beta * h) + eps * Drawn.logSigmoid(-beta * h)) / (1 - 2 * eps);
            case IPO -> Math.pow(mean - 0.5 / beta, 2);
            case HINGE -> Math.max(0, 1 - beta * h);
            case SIGMOID_NORM -> -(1 - eps) * Drawn.logSigmoid(beta * mean) - eps * Drawn.logSigmoid(-beta * mean);
            case EXO_PAIR -> {
                double q = Drawn.sigmoid(beta * h);
                yield q * Math.log(q / (1 - eps)) + (1 - q) * Math.log((1 - q) / eps);
            }
            case NCA_PAIR ->
                -Drawn.logSigmoid(beta * a) - (Drawn.logSigmoid(-beta * a) + Drawn.logSigmoid(-beta * b)) / 2;
            case SPPO_HARD -> Math.pow(a - 0.5 / beta, 2) + Math.pow(b + 0.5 / beta, 2);
            case APO_ZERO -> 1 - Drawn.sigmoid(beta * a) + Drawn.sigmoid(beta * b);
            case APO_DOWN -> Drawn.sigmoid(beta * a) + 1 - Drawn.sigmoid(beta * h);
            case BCO_PAIR -> -Drawn.logSigmoid(beta * a) - Drawn.logSigmoid(-beta * b);
            case DISCOPOP -> {
                double share = Drawn.sigmoid(beta * h / 0.05);
                yield (share - 1) * Drawn.logSigmoid(beta * h) + share * Math.exp(-beta * h);
            }
            case AOT, AOT_UNPAIRED -> throw new AssertionError(loss + " sees no single pair");
        };
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll PreferenceLoss loss,
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
            @ForAll @DoubleRange(min = 0.01, max = 0.45) double drawn,
            @ForAll long seed) {
        Assume.that(!RANKED.contains(loss));
        PairLogProbs pairs = drawn(seed, n);
        double eps = smoothing(loss) == 0 ? 0 : drawn;
        double[] each = loss.each(pairs, beta, eps).toArray();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double a = pairs.chosen().get(i) - pairs.refChosen().get(i);
            double b = pairs.rejected().get(i) - pairs.refRejected().get(i);
            double[] lengths = {
                pairs.chosenLength().get(i), pairs.rejectedLength().get(i)
            };
            double expected = expected(loss, a, b, lengths, beta, eps);
            assertThat(each[i]).isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
            sum += each[i];
        }
        assertThat(loss.of(pairs, beta, eps).item()).isCloseTo(sum / n, within(1e-13 * (1 + Math.abs(sum))));
    }

    @Test
    void aPolicyThatIsItsReferenceLosesTheLogarithmOfTwo() {
        Tensor chosen = Drawn.normal(1, 4);
        Tensor rejected = Drawn.normal(2, 4);
        Tensor one = chosen.mul(0).add(1);
        PairLogProbs same = new PairLogProbs(chosen, rejected, chosen, rejected, one, one);
        for (double beta : new double[] {0.05, 0.1, 3}) {
            for (PreferenceLoss loss : List.of(PreferenceLoss.SIGMOID, PreferenceLoss.ROBUST)) {
                double eps = loss == PreferenceLoss.ROBUST ? 0.1 : 0;
                assertThat(loss.of(same, beta, eps).item()).isCloseTo(Math.log(2), within(1e-15));
            }
            assertThat(PreferenceLoss.SIGMOID.of(same, beta, 0.3).item()).isCloseTo(Math.log(2), within(1e-15));
            assertThat(PreferenceLoss.SIGMOID_NORM.of(same, beta, 0).item()).isCloseTo(Math.log(2), within(1e-15));
            assertThat(PreferenceLoss.HINGE.of(same, beta, 0).item()).isEqualTo(1);
            assertThat(PreferenceLoss.IPO.of(same, beta, 0).item()).isCloseTo(0.25 / (beta * beta), within(1e-12));
        }
        assertThat(same.chosenLogRatio().toArray()).containsOnly(0);
    }

    /// A pair weighs β·σ(-βh); the chosen answer rises, the rejected one falls.
    @Property(tries = 200)
    void theGradientOfDpoIsTheProbabilityOfTheWrongOrder(
            @ForAll @DoubleRange(min = -6, max = 6) double a,
            @ForAll @DoubleRange(min = -6, max = 6) double b,
            @ForAll @DoubleRange(min = 0.05, max = 2) double beta) {
        Tensor chosen = Tensor.of(new double[] {a - 2}, 1);
        Tensor rejected = Tensor.of(new double[] {b - 3}, 1);
        Tensor refChosen = Tensor.of(new double[] {-2}, 1);
        Tensor refRejected = Tensor.of(new double[] {-3}, 1);
        double weight = beta * Drawn.sigmoid(-beta * (a - b));
        double[] up = Drawn.gradient(
                chosen,
                x -> PreferenceLoss.SIGMOID.each(PairLogProbs.of(x, rejected, refChosen, refRejected), beta, 0));
        double[] down = Drawn.gradient(
                rejected,
                x -> PreferenceLoss.SIGMOID.each(PairLogProbs.of(chosen, x, refChosen, refRejected), beta, 0));
        assertThat(up[0]).isCloseTo(-weight, within(1e-14));
        assertThat(down[0]).isCloseTo(weight, within(1e-14));
    }

    /// Label smoothing mixes a pair with the same pair swapped; the robust loss undoes such a mixture.
    @Property(tries = 200)
    void smoothingMixesWithTheSwappedPairAndRobustUndoesIt(
            @ForAll @DoubleRange(min = 0.01, max = 0.49) double eps, @ForAll long seed) {
        PairLogProbs pairs = drawn(seed, 3);
        PairLogProbs swapped = swapped(pairs);
        Tensor own = PreferenceLoss.SIGMOID.each(pairs, 0.3, 0);
        Tensor other = PreferenceLoss.SIGMOID.each(swapped, 0.3, 0);
        double[] mixed = own.mul(1 - eps).add(other.mul(eps)).toArray();
        assertThat(PreferenceLoss.SIGMOID.each(pairs, 0.3, eps).toArray()).containsExactly(mixed, within(1e-14));
        double[] undone = PreferenceLoss.ROBUST
                .each(pairs, 0.3, eps)
                .mul(1 - eps)
                .add(PreferenceLoss.ROBUST.each(swapped, 0.3, eps).mul(eps))
                .toArray();
        // Divided by 1 - 2ε, at least 0.02.
        assertThat(undone).containsExactly(own.toArray(), within(1e-13));
    }

    /// Rewards are known up to a constant for each prompt: adding one to both answers changes nothing.
    @Property(tries = 200)
    void onlyDifferencesCount(@ForAll @DoubleRange(min = -9, max = 9) double constant, @ForAll long seed) {
        PairLogProbs p = drawn(seed, 3);
        PairLogProbs moved =
                PairLogProbs.of(p.chosen().add(constant), p.rejected().add(constant), p.refChosen(), p.refRejected());
        for (PreferenceLoss loss : List.of(PreferenceLoss.SIGMOID, PreferenceLoss.ROBUST, PreferenceLoss.HINGE)) {
            assertThat(loss.each(moved, 0.3, 0).toArray())
                    .containsExactly(loss.each(p, 0.3, 0).toArray(), within(1e-14));
        }
    }

    @Test
    void theReferenceGetsNoGradient() {
        PairLogProbs pairs = drawn(1, 3);
        Tensor refChosen = pairs.refChosen().requireGrad();
        Tensor refRejected = pairs.refRejected().requireGrad();
        pairs.chosen().requireGrad();
        for (PreferenceLoss loss : PreferenceLoss.values()) {
            loss.of(pairs, 0.3, smoothing(loss)).backward();
        }
        assertThat(refChosen.grad()).isNull();
        assertThat(refRejected.grad()).isNull();
    }

    @Test
    void gradients() {
        for (PreferenceLoss loss : PreferenceLoss.values()) {
            PairLogProbs p = drawn(7, 5);
            GradientCheck.of(
                            x -> loss.each(
                                    new PairLogProbs(
                                            x[0],
                                            x[1],
                                            p.refChosen(),
                                            p.refRejected(),
                                            p.chosenLength(),
                                            p.rejectedLength()),
                                    0.3,
                                    smoothing(loss)),
                            p.chosen(),
                            p.rejected())
                    .requirePass();
        }
    }

    @Test
    void enormousDifferencesStayFinite() { // BAD-INPUT 185
        for (DType dtype : DType.values()) {
            Tensor far = Tensor.of(new double[] {-1e4, 1e4}, 2).to(dtype);
            Tensor zero = far.mul(0);
            for (PreferenceLoss loss : PreferenceLoss.values()) {
                Tensor chosen = far.mul(1).detach().requireGrad();
                PairLogProbs pairs = new PairLogProbs(chosen, zero, zero, zero, zero.add(1), zero.add(1));
                Tensor each = loss.of(pairs, 1, smoothing(loss));
                each.backward();
                assertThat(each.item()).as("%s", loss).isFinite();
                assertThat(chosen.grad().toArray()).as("%s", loss).doesNotContain(Double.NaN);
            }
        }
    }

    @Property(tries = 200)
    void sequencesAreSummedOverTheirOwnTokens(
            @ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor perToken = Drawn.normal(seed, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        double[] sums = SequenceLogProbs.of(perToken, mask).toArray();
        for (int i = 0; i < n; i++) {
            double expected = 0;
            for (int at = 0; at < t; at++) {
                expected += mask.get(i, at) == 1 ? perToken.get(i, at) : 0;
            }
            assertThat(sums[i]).isCloseTo(expected, within(1e-14));
        }
        assertThat(Drawn.gradient(perToken, x -> SequenceLogProbs.of(x, mask))).isEqualTo(mask.toArray());
    }

    @Test
    void badInput() { // BAD-INPUT 7, 14
        PairLogProbs pairs = drawn(1, 3);
        for (double wrong : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> PreferenceLoss.SIGMOID.of(pairs, wrong, 0))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("preferenceLoss: beta must be above 0; got " + wrong);
        }
        for (double wrong : new double[] {-0.1, 0.5, Double.NaN}) {
            assertThatThrownBy(() -> PreferenceLoss.ROBUST.of(pairs, 0.1, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("preferenceLoss: labelSmoothing must be from 0 to below 0.5; got " + wrong);
        }
        assertThatThrownBy(() -> PreferenceLoss.IPO.of(null, 0.1, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessage("preferenceLoss: pairs must be given; got null");
        assertThatThrownBy(() -> PreferenceLoss.IPO.of(pairs, 0.1, 0.1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("preferenceLoss: IPO has no label smoothing; got 0.1");
        assertThatThrownBy(() -> PreferenceLoss.EXO_PAIR.of(pairs, 0.1, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("preferenceLoss: EXO_PAIR needs a labelSmoothing above 0; got 0.0");
        PairLogProbs bare = PairLogProbs.of(pairs.chosen(), pairs.rejected(), pairs.chosen(), pairs.rejected());
        assertThatThrownBy(() -> PreferenceLoss.IPO.of(bare, 0.1, 0))
                .isInstanceOf(ShapeException.class)
                .hasMessage("preferenceLoss IPO: the lengths of the answers must be given; got null");
        Tensor three = Drawn.normal(1, 3);
        assertThatThrownBy(() -> PairLogProbs.of(three, Drawn.normal(1, 2), three, three))
                .isInstanceOf(ShapeException.class)
                .hasMessage("pairLogProbs: chosen and rejected must both be (N), N at least 1; got (3,) and (2,)");
        assertThatThrownBy(() -> PairLogProbs.of(three, three, null, three)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> new PairLogProbs(three, three, three, three, three, null))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("lengths of both");
        assertThatThrownBy(() -> SequenceLogProbs.of(three, three)).isInstanceOf(ShapeException.class);
    }
}
