package gradus.lessons.lab.grokking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrequenciesTest {
    private static double[] random(int p, int channels, long seed) {
        double[] table = new double[p * channels];
        Arrays.setAll(table, i -> Rng.of(seed).gaussian(i));
        return table;
    }

    /// Cosines and sines of frequency k, with weights, on top of a constant.
    private static double[] waves(int p, double[] weights) {
        double[] table = new double[p * 2];
        for (int n = 0; n < p; n++) {
            table[2 * n] = 7;
            table[2 * n + 1] = -3;
            for (int k = 1; k < weights.length; k++) {
                table[2 * n] += weights[k] * Math.cos(2 * Math.PI * k * n / p);
                table[2 * n + 1] += weights[k] * Math.sin(2 * Math.PI * k * n / p + 1);
            }
        }
        return table;
    }

    @Test
    void aTableOfWavesHasTheirFrequencies() {
        double[] shares = Frequencies.shares(waves(11, new double[] {0, 0, 3, 0, 4}), 11);
        assertThat(shares).containsExactly(new double[] {0, 9 / 25.0, 0, 16 / 25.0, 0}, within(1e-12));
        double[] table = waves(11, new double[] {0, 1, 3, 0, 4, 2});
        assertThat(Frequencies.strongest(table, 11, 1)).isCloseTo(16 / 30.0, within(1e-12));
        assertThat(Frequencies.strongest(table, 11, 2)).isCloseTo(25 / 30.0, within(1e-12));
        assertThat(Frequencies.strongest(table, 11, 9)).isCloseTo(1, within(1e-12));
    }

    /// Numbers that go round, `n → n + s`, change no energy; `n → m·n` gives each frequency another one's.
    @Property(tries = 200)
    void turningTheNumbersKeepsTheEnergies(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 12) int shift,
            @ForAll @IntRange(min = 1, max = 12) int m) {
        int p = 13;
        double[] table = random(p, 3, seed);
        double[] shifted = new double[table.length];
        double[] stretched = new double[table.length];
        for (int n = 0; n < p; n++) {
            System.arraycopy(table, n * 3, shifted, (n + shift) % p * 3, 3);
            System.arraycopy(table, n * 3, stretched, n * m % p * 3, 3);
        }
        double[] shares = Frequencies.shares(table, p);
        assertThat(Arrays.stream(shares).sum()).isCloseTo(1, within(1e-12));
        assertThat(Frequencies.shares(shifted, p)).containsExactly(shares, within(1e-9));
        double[] other = Frequencies.shares(stretched, p);
        for (int k = 1; k <= 6; k++) {
            int from = k * m % p;
            assertThat(other[k - 1]).isCloseTo(shares[Math.min(from, p - from) - 1], within(1e-9));
        }
    }

    /// Of 128 channels of noise, a frequency has 1/29 of the energy, with a deviation of about √(2/256) of that; the 5
    /// largest of 29 lie about 1.4 deviations above.
    @Test
    void noiseHasTheEnergyOfChance() {
        double noise = Frequencies.strongest(random(59, 128, 1), 59, 5);
        assertThat(noise).isBetween(5 / 29.0, 5 / 29.0 * 1.25);
        double[] waves = waves(59, new double[] {0, 0, 3, 0, 4});
        double[] shuffled = new SumTable(59, 0.3).shuffled(waves, Rng.of(2));
        assertThat(Frequencies.strongest(waves, 59, 2)).isCloseTo(1, within(1e-12));
        assertThat(Frequencies.strongest(shuffled, 59, 2)).isLessThan(0.5);
        Arrays.sort(waves);
        Arrays.sort(shuffled);
        assertThat(shuffled).isEqualTo(waves);
    }
}
