package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KlControlTest {
    @Test
    void fixedStays() {
        assertThat(new KlControl.Fixed(0.3).next(0.3, 100, 64)).isEqualTo(0.3);
        assertThat(new KlControl.Fixed(0).start()).isZero();
    }

    /// Ziegler's example: within 20 % of the target β moves in proportion, beyond it by at most a fifth of
    /// n/horizon.
    @Property(tries = 200)
    void adaptiveMovesTowardsTheTarget(
            @ForAll @DoubleRange(min = 0.1, max = 20) double kl,
            @ForAll @DoubleRange(min = 0.1, max = 20) double target,
            @ForAll @IntRange(min = 1, max = 512) int n) {
        double next = new KlControl.Adaptive(0.2, target, 5120).next(0.5, kl, n);
        double error = kl / target - 1;
        double clipped = error > 0.2 ? 0.2 : error < -0.2 ? -0.2 : error;
        assertThat(next).isEqualTo(0.5 * (1 + clipped * n / 5120.0), within(1e-15));
        assertThat(Math.signum(next - 0.5)).isEqualTo(Math.signum(clipped));
    }

    /// A target that the divergence follows is reached: KL = 1/β here, so that β ends at 1/6.
    @Test
    void adaptiveSettles() {
        KlControl control = new KlControl.Adaptive(1, 6, 1000);
        double beta = control.start();
        for (int i = 0; i < 500; i++) {
            beta = control.next(beta, 1 / beta, 100);
        }
        assertThat(1 / beta).isEqualTo(6, within(1e-6));
    }

    @Test
    void badInput() {
        for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new KlControl.Fixed(bad))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("beta")
                    .hasMessageContaining(String.valueOf(bad));
        }
        assertThatThrownBy(() -> new KlControl.Adaptive(0, 6, 1000)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new KlControl.Adaptive(1, 0, 1000)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new KlControl.Adaptive(1, 6, 0)).isInstanceOf(ConfigException.class);
    }
}
