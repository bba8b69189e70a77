package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import org.junit.jupiter.api.Test;

class SpikeWatchTest {
    private static final Rng RNG = Rng.of(5);

    private final SpikeWatch watch = new SpikeWatch();

    @Test
    void aWanderingFallIsNoSpike() {
        for (int step = 1; step <= 2000; step++) {
            double loss = 2 + 2 * Math.exp(-step / 200.0) + 0.1 * RNG.gaussian(step);
            assertThat(watch.watch(step, loss)).isNull();
        }
    }

    @Test
    void aLeapIs() { // BAD-INPUT 182
        for (int step = 1; step <= 100; step++) {
            watch.watch(step, 2 + 0.1 * RNG.gaussian(step));
        }
        Spike spike = watch.watch(101, 4);
        assertThat(spike.step()).isEqualTo(101);
        assertThat(spike.loss()).isEqualTo(4);
        assertThat(spike.usual()).isBetween(1.9, 2.1);
    }

    @Test
    void theFirstStepsAreLeftToThemselves() {
        assertThat(watch.watch(1, 2)).isNull();
        assertThat(watch.watch(2, 50)).isNull();
    }

    /// Losses that alternate by ±d have mean m and variance about d²: the threshold is 6 deviations above the
    /// mean, or a
    /// fifth of it where that is more. What is remembered tells both; a hair below is none, a hair above is one.
    @Test
    void t5_theThresholdIsSixDeviationsOrAFifth() {
        for (double deviation : new double[] {0.01, 0.3}) {
            for (int step = 1; step <= 400; step++) {
                watch.watch(step, 2 + (step % 2 == 0 ? deviation : -deviation));
            }
            double mean = watch.memory().mean();
            double far = 6 * Math.sqrt(watch.memory().variance());
            double threshold = mean + Math.max(far, 0.2 * mean);
            assertThat(Math.sqrt(watch.memory().variance())).isBetween(0.9 * deviation, 1.1 * deviation);
            assertThat(far > 0.2 * mean).isEqualTo(deviation == 0.3); // each bound decides once
            assertThat(copy().watch(401, threshold - 1e-9)).isNull();
            Spike spike = copy().watch(401, threshold + 1e-9);
            assertThat(spike).isNotNull();
            assertThat(spike.usual()).isEqualTo(mean);
        }
    }

    private SpikeWatch copy() {
        SpikeWatch copy = new SpikeWatch();
        copy.goOn(watch.memory());
        return copy;
    }

    /// Quiet up to the twentieth loss, not for longer.
    @Test
    void t5_speaksFromTheTwentyFirstLossOn() {
        for (int seen = 0; seen < 20; seen++) {
            assertThat(copy().watch(seen + 1, 100)).isNull();
            watch.watch(seen + 1, 2);
        }
        assertThat(copy().watch(21, 100)).isNotNull();
    }

    /// The mean of the first losses is their plain mean; later ones weigh a fiftieth.
    @Test
    void t5_theMemoryIsOfFiftySteps() {
        for (int step = 1; step <= 50; step++) {
            watch.watch(step, step);
            assertThat(watch.memory().mean()).isCloseTo((step + 1) / 2.0, within(1e-9));
        }
        double mean = watch.memory().mean();
        watch.watch(51, mean + 50);
        assertThat(watch.memory().mean()).isCloseTo(mean + 1, within(1e-9));
    }

    /// A loss may be below 0; a fifth of its size is a fifth above it too.
    @Test
    void t5_theFifthIsMeasuredWhereTheLossIsNegative() {
        for (int step = 1; step <= 200; step++) {
            watch.watch(step, -10);
        }
        assertThat(copy().watch(201, -8.1)).isNull();
        assertThat(copy().watch(201, -7.9)).isNotNull();
    }
}
