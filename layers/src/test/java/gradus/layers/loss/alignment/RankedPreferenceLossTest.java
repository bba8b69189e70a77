package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [PreferenceLoss#AOT] and [PreferenceLoss#AOT_UNPAIRED], which compare by rank.
class RankedPreferenceLossTest {
    private static final double EPS = 0.2;

    private static PairLogProbs drawn(long seed, int n) {
        return PairLogProbs.of(
                Drawn.normal(seed, n), Drawn.normal(seed + 1, n), Drawn.normal(seed + 2, n), Drawn.normal(seed + 3, n));
    }

    /// The number that has so many smaller ones before it, by counting, without sorting.
    private static double ranked(double[] all, int rank) {
        for (int i = 0; i < all.length; i++) {
            int before = 0;
            for (int j = 0; j < all.length; j++) {
                before += all[j] < all[i] || all[j] == all[i] && j < i ? 1 : 0;
            }
            if (before == rank) {
                return all[i];
            }
        }
        throw new AssertionError();
    }

    private static double[] difference(Tensor x, Tensor y) {
        double[] difference = new double[x.dim(0)];
        Arrays.setAll(difference, i -> x.get(i) - y.get(i));
        return difference;
    }

    private static double smoothed(double x) {
        return -(1 - EPS) * Drawn.logSigmoid(x) - EPS * Drawn.logSigmoid(-x);
    }

    @Property(tries = 200)
    void equalTheLoop(
            @ForAll @IntRange(min = 1, max = 7) int n,
            @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
            @ForAll long seed) {
        PairLogProbs p = drawn(seed, n);
        double[] margins = difference(p.chosen(), p.rejected());
        double[] reference = difference(p.refChosen(), p.refRejected());
        double[] a = difference(p.chosen(), p.refChosen());
        double[] b = difference(p.rejected(), p.refRejected());
        double[] paired = PreferenceLoss.AOT.each(p, beta, EPS).toArray();
        double[] unpaired = PreferenceLoss.AOT_UNPAIRED.each(p, beta, EPS).toArray();
        for (int rank = 0; rank < n; rank++) {
            assertThat(paired[rank])
                    .isCloseTo(smoothed(beta * (ranked(margins, rank) - ranked(reference, rank))), within(1e-13));
            assertThat(unpaired[rank]).isCloseTo(smoothed(beta * (ranked(a, rank) - ranked(b, rank))), within(1e-13));
        }
    }

    /// Of one pair, the rank is the pair.
    @Property(tries = 200)
    void ofOnePairBothAreDpo(@ForAll @DoubleRange(min = 0.05, max = 2) double beta, @ForAll long seed) {
        PairLogProbs pair = drawn(seed, 1);
        double dpo = PreferenceLoss.SIGMOID.of(pair, beta, EPS).item();
        assertThat(PreferenceLoss.AOT.of(pair, beta, EPS).item()).isCloseTo(dpo, within(1e-14));
        assertThat(PreferenceLoss.AOT_UNPAIRED.of(pair, beta, EPS).item()).isCloseTo(dpo, within(1e-14));
    }

    /// What is rejected may stand beside any chosen answer, if the ranks are of answers.
    @Property(tries = 200)
    void unpairedDoesNotAskWhichAnswersArePairs(@ForAll @IntRange(min = 2, max = 7) int n, @ForAll long seed) {
        PairLogProbs p = drawn(seed, n);
        int[] turned = new int[n];
        int by = 1 + Rng.of(seed).index(0, n - 1);
        Arrays.setAll(turned, i -> (i + by) % n);
        Indices order = Indices.of(turned);
        PairLogProbs other = PairLogProbs.of(
                p.chosen(),
                p.rejected().indexSelect(0, order),
                p.refChosen(),
                p.refRejected().indexSelect(0, order));
        assertThat(PreferenceLoss.AOT_UNPAIRED.of(other, 0.3, 0).item())
                .isCloseTo(PreferenceLoss.AOT_UNPAIRED.of(p, 0.3, 0).item(), within(1e-13));
        assertThat(PreferenceLoss.AOT.of(other, 0.3, 0).item())
                .isNotEqualTo(PreferenceLoss.AOT.of(p, 0.3, 0).item());
    }

    /// Sorted means by size and not by place, and equal ones are no error.
    @Test
    void equalRatiosShareTheirRanks() {
        Tensor equal = Tensor.of(new double[] {1, 1, 1}, 3);
        Tensor zero = Tensor.of(new double[3], 3);
        double[] gradient =
                Drawn.gradient(equal, x -> PreferenceLoss.AOT.each(PairLogProbs.of(x, zero, zero, zero), 1, 0));
        assertThat(gradient).containsOnly(gradient[0]);
        assertThat(gradient[0]).isCloseTo(-Drawn.sigmoid(-1), within(1e-15));
    }
}
