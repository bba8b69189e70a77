package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Rng;
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
}
