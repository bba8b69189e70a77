package gradus.tensor.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RngTest {
    private static final int N = 200_000;

    /// The published test vector of SplitMix64 for the seed 1234567.
    @Test
    void isSplitMix64AtRandomAccess() {
        Rng rng = new Rng(1234567);
        assertThat(LongStream.range(0, 5).map(rng::bits).mapToObj(Long::toUnsignedString))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    /// Numbers that a checkpoint of an older version relies on.
    @Test
    void keysNeverChange() {
        assertThat(Rng.of(0).key()).isEqualTo(Rng.mix(Rng.GAMMA));
        assertThat(Rng.of(0).key()).isEqualTo(0xE220A8397B1DCDAFL); // first word of SplitMix64 for the seed 0
        assertThat(Rng.of(1).at("dropout").at(7))
                .isEqualTo(Rng.of(1).at("dropout").at(7));
    }

    /// Keys and numbers as `rng/numbers.py` works them out from the published generator alone. A change of
    /// any of them would give every run other weights, masks and samples.
    @Test
    void t5_streamsAreThoseOfThePublishedGenerator() {
        Rng rng = Rng.of(1).at("dropout").at(7);
        assertThat(rng.key()).isEqualTo(-1210747219985541813L);
        assertThat(Rng.of(-3).at("h.0.é").key()).isEqualTo(-6104387389413458285L);
        assertThat(Rng.of(2).at(-5).key()).isEqualTo(5736598428056935727L);
        assertThat(LongStream.of(0, 1, 2, 1_000_000, 1L << 40).mapToDouble(rng::uniform))
                .containsExactly(
                        0.180893790920994,
                        0.3201515455964141,
                        0.2700847264273626,
                        0.31802025710583637,
                        0.3896870405166899);
        assertThat(IntStream.range(0, 8).map(i -> rng.index(i, 1000)))
                .containsExactly(180, 320, 270, 1, 927, 859, 461, 195);
        double[] gaussians = {-0.26952179207242144, 0.7934911717053236, 1.4509053270576426, -0.11851264339203563};
        int[] at = {0, 1, 2, 12345};
        for (int i = 0; i < at.length; i++) { // two libraries' logarithm and cosine, a last digit each
            assertThat(rng.gaussian(at[i])).isCloseTo(gaussians[i], within(1e-15));
        }
        float[] weights = Tensor.randn(Rng.of(1).at("dropout").at(7), 2, 2).toFloatArray();
        assertThat(weights[2]).isEqualTo((float) rng.gaussian(2)); // row-major
        assertThat(Tensor.rand(rng, 3).toFloatArray()[1]).isEqualTo((float) rng.uniform(1));
    }

    @Test
    void namesAndNumbersLeadToStreamsOfTheirOwn() {
        Set<Long> keys = new HashSet<>();
        for (long seed = -50; seed < 50; seed++) {
            Rng rng = Rng.of(seed);
            keys.add(rng.key());
            for (String name : new String[] {"", "a", "b", "ab", "ba", "é"}) {
                keys.add(rng.at(name).key());
                for (long step = -5; step < 20; step++) {
                    keys.add(rng.at(name).at(step).key());
                }
            }
            for (long step = -5; step < 20; step++) {
                keys.add(rng.at(step).key());
            }
        }
        assertThat(keys).hasSize(100 * (1 + 6 * 26 + 25));
    }

    @Test
    void theOrderOfCallsDoesNotMatter() {
        Rng rng = Rng.of(9);
        double[] forwards = IntStream.range(0, 1000).mapToDouble(rng::gaussian).toArray();
        double[] parallel =
                IntStream.range(0, 1000).parallel().mapToDouble(rng::gaussian).toArray();
        assertThat(parallel).isEqualTo(forwards);
        for (int i = 999; i >= 0; i--) {
            assertThat(rng.gaussian(i)).isEqualTo(forwards[i]);
        }
    }

    /// χ² over 100 cells has mean 99 and deviation √198 = 14; six deviations are 84.
    @Test
    void uniformNumbersFillTheirRangeEvenly() {
        Rng rng = Rng.of(4);
        int[] cells = new int[100];
        for (int i = 0; i < N; i++) {
            double u = rng.uniform(i);
            assertThat(u).isGreaterThanOrEqualTo(0).isLessThan(1);
            cells[(int) (u * 100)]++;
        }
        double chi = IntStream.of(cells)
                .mapToDouble(c -> Math.pow(c - N / 100.0, 2) / (N / 100.0))
                .sum();
        assertThat(chi).isBetween(99 - 84.0, 99 + 84.0);
    }

    @Test
    void wholeNumbersStayBelowTheirBound() {
        Rng rng = Rng.of(5);
        for (int bound : new int[] {1, 2, 3, 7, 1000, Integer.MAX_VALUE}) {
            for (int i = 0; i < 1000; i++) {
                assertThat(rng.index(i, bound)).isGreaterThanOrEqualTo(0).isLessThan(bound);
            }
        }
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++) {
            counts[rng.index(i, 3)]++;
        }
        for (int count : counts) {
            assertThat(count).isCloseTo(10_000, within(500)); // six deviations of √(30000·2/9) = 82
        }
    }

    /// Moments 0, 1, 0, 3 of the normal distribution, each within six standard errors of a mean over N.
    @Test
    void gaussianNumbersHaveTheMomentsOfTheNormalDistribution() {
        Rng rng = Rng.of(6);
        double[] moments = new double[5];
        double neighbours = 0;
        double last = 0;
        for (int i = 0; i < N; i++) {
            double z = rng.gaussian(i);
            assertThat(z).isFinite();
            for (int p = 1; p <= 4; p++) {
                moments[p] += Math.pow(z, p) / N;
            }
            neighbours += z * last / N;
            last = z;
        }
        double error = 6 / Math.sqrt(N);
        assertThat(moments[1]).isCloseTo(0, within(error));
        assertThat(moments[2]).isCloseTo(1, within(error * Math.sqrt(2)));
        assertThat(moments[3]).isCloseTo(0, within(error * Math.sqrt(15)));
        assertThat(moments[4]).isCloseTo(3, within(error * Math.sqrt(96)));
        assertThat(neighbours).isCloseTo(0, within(error));
    }
}
