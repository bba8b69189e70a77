package gradus.lessons.lab.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import gradus.lessons.lab.ema.BowlPart.Ratio;
import gradus.tensor.random.Rng;
import gradus.train.average.EmaKind;
import gradus.train.schedule.Schedule;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BowlTest {
    /// Against the coefficients of each step's noise in θ and in the average, one by one.
    @Property(tries = 200)
    void theExactNoiseIsTheSumOfSquaresOfItsCoefficients(
            @ForAll @DoubleRange(min = 0.01, max = 1.9) double rate,
            @ForAll @DoubleRange(min = 0, max = 0.99) double decay,
            @ForAll @IntRange(min = 1, max = 40) int steps) {
        Schedule falling = step -> rate * (steps - step) / steps;
        double[] theta = new double[steps];
        double[] average = new double[steps];
        double weights = 0;
        for (int t = 0; t < steps; t++) {
            double now = falling.lrAt(t);
            for (int k = 0; k < t; k++) {
                theta[k] *= 1 - now;
            }
            theta[t] = -2 * now; // σ = 2
            double share = (1 - decay) * Math.pow(decay, steps - 1.0 - t);
            weights += share;
            for (int k = 0; k <= t; k++) {
                average[k] += share * theta[k];
            }
        }
        double raw = 0;
        double averaged = 0;
        for (int k = 0; k < steps; k++) {
            raw += theta[k] * theta[k];
            averaged += average[k] * average[k] / (weights * weights);
        }
        ExactNoise exact = ExactNoise.of(falling, steps, decay, 2);
        assertThat(exact.raw()).isCloseTo(raw, within(1e-9 * (1 + raw)));
        assertThat(exact.averaged()).isCloseTo(averaged, within(1e-7 * (1 + averaged)));
    }

    @Property(tries = 200)
    void atAConstantRateItComesToTheClosedForm(
            @ForAll @DoubleRange(min = 0.05, max = 1.9) double rate,
            @ForAll @DoubleRange(min = 0, max = 0.98) double decay) {
        ExactNoise late = ExactNoise.of(step -> rate, 3000, decay, 1);
        ExactNoise rest = ExactNoise.stationary(rate, decay, 1);
        assertThat(late.raw()).isCloseTo(rest.raw(), withinPercentage(1e-6));
        assertThat(late.averaged()).isCloseTo(rest.averaged(), withinPercentage(1e-6));
    }

    @Test
    void withoutDecayTheAverageIsTheLastStep() {
        assertThat(ExactNoise.stationary(0.3, 0, 1).averaged()).isEqualTo(0.3 / 1.7);
        ExactNoise five = ExactNoise.of(step -> 0.3, 5, 0, 1);
        assertThat(five.averaged()).isCloseTo(five.raw(), within(1e-15));
    }

    /// Against the averages update by update.
    @Property(tries = 200)
    void theExactStartIsThatOfTheUpdates(
            @ForAll @DoubleRange(min = 0.1, max = 0.9) double a,
            @ForAll @DoubleRange(min = 0.91, max = 0.99) double decay,
            @ForAll @IntRange(min = 1, max = 300) int steps) {
        double theta = 1;
        double plain = 1;
        double zero = 0;
        double weights = 0;
        for (int t = 1; t <= steps; t++) {
            theta *= a;
            plain = decay * plain + (1 - decay) * theta;
            zero = decay * zero + (1 - decay) * theta;
            weights = decay * weights + (1 - decay);
        }
        ExactStart exact = ExactStart.of(a, decay, steps);
        assertThat(exact.raw()).isCloseTo(theta, within(1e-12));
        assertThat(exact.plain()).isCloseTo(plain, within(1e-12));
        assertThat(exact.debiased()).isCloseTo(zero / weights, within(1e-9));
        assertThat(exact.warmed()).isLessThan(plain);
    }

    @Test
    void theLibrarysAveragesAreExactWithoutNoise() {
        for (int steps : new int[] {1, 7, 60}) {
            ExactStart exact = ExactStart.of(0.8, 0.95, steps);
            for (EmaKind kind : EmaKind.values()) {
                NoisyBowl.End end = new NoisyBowl(2, 1, 0).train(step -> 0.2, steps, kind, List.of(0.95), Rng.of(1));
                assertThat(end.averaged().getFirst()[1])
                        .isCloseTo(kind == EmaKind.WARMED ? exact.warmed() : exact.debiased(), within(1e-6));
                assertThat(end.raw()[0]).isCloseTo(exact.raw(), within(1e-6));
            }
        }
    }

    /// Of so many numbers the chance is known; the closed form of another decay lies outside of it.
    @Test
    void theLibrarysNoiseIsWithinChanceOfTheExactOneAndOfNoOther() {
        NoisyBowl.End end =
                new NoisyBowl(4000, 0, 1).train(step -> 0.2, 300, EmaKind.DEBIASED, List.of(0.9, 0.8), Rng.of(7));
        double averaged = NoisyBowl.End.meanSquare(end.averaged().getFirst());
        double raw = NoisyBowl.End.meanSquare(end.raw());
        assertThat(Ratio.of(raw, ExactNoise.stationary(0.2, 0.9, 1).raw(), 4000).isWithin())
                .isTrue();
        assertThat(Ratio.of(averaged, ExactNoise.stationary(0.2, 0.9, 1).averaged(), 4000)
                        .isWithin())
                .isTrue();
        assertThat(Ratio.of(averaged, ExactNoise.stationary(0.2, 0.88, 1).averaged(), 4000)
                        .isWithin())
                .isFalse();
        assertThat(Ratio.of(averaged, ExactNoise.stationary(0.3, 0.9, 1).averaged(), 4000)
                        .isWithin())
                .isFalse();
        assertThat(NoisyBowl.End.meanSquare(end.averaged().getLast())).isGreaterThan(averaged);
    }

    @Test
    void whatChanceAllowsNarrowsWithTheNumbers() {
        Ratio few = Ratio.of(1.1, 1, 100);
        Ratio many = Ratio.of(1.1, 1, 100_000);
        assertThat(few.isWithin()).isTrue();
        assertThat(many.isWithin()).isFalse();
        assertThat(Ratio.of(0.9, 1, 100_000).isWithin()).isFalse();
        // 3.29 deviations of √(2/n) on each side
        assertThat(many.high() - 1).isCloseTo(3.29 * Math.sqrt(2e-5), withinPercentage(2));
        assertThat(1 - many.low()).isCloseTo(3.29 * Math.sqrt(2e-5), withinPercentage(2));
    }
}
