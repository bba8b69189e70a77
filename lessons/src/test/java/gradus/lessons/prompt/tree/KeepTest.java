package gradus.lessons.prompt.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeepTest {
    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(x -> x).toArray();
    }

    @Property(tries = 200)
    void greedyKeepsTheBest(
            @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 3) Double> numbers,
            @ForAll @IntRange(min = 1, max = 10) int most) {
        double[] scores = array(numbers);
        List<Integer> kept = Keep.greedy().of(scores, most, Rng.of(0));
        assertThat(kept).hasSize(Math.min(most, scores.length)).doesNotHaveDuplicates();
        for (int i = 0; i < scores.length; i++) {
            for (int k = 0; k < kept.size(); k++) {
                int other = kept.get(k);
                boolean before = scores[i] > scores[other] || scores[i] == scores[other] && i < other;
                assertThat(!before || kept.subList(0, k).contains(i)).isTrue();
            }
        }
    }

    @Property(tries = 200)
    void proportionalKeepsDifferentOnes(
            @ForAll @Size(min = 1, max = 9) List<@DoubleRange(min = 0, max = 3) Double> numbers,
            @ForAll @IntRange(min = 1, max = 10) int most,
            @ForAll long seed) {
        double[] scores = array(numbers);
        List<Integer> kept = Keep.proportional().of(scores, most, Rng.of(seed));
        assertThat(kept).hasSize(Math.min(most, scores.length)).doesNotHaveDuplicates();
        assertThat(kept).allMatch(i -> i >= 0 && i < scores.length);
        long positive = numbers.stream().filter(x -> x > 0).count();
        assertThat(kept.stream().limit(positive)).as("zeros come last").allMatch(i -> scores[i] > 0);
        assertThat(Keep.proportional().of(scores, most, Rng.of(seed))).isEqualTo(kept);
    }

    /// Σ = 0: all evenly. Otherwise in proportion. 20,000 draws: five deviations of a share are below 0.018.
    @Test
    void shares() {
        int[] even = new int[3];
        int[] weighed = new int[3];
        for (int i = 0; i < 20_000; i++) {
            even[Keep.proportional().of(new double[3], 1, Rng.of(i)).getFirst()]++;
            weighed[Keep.proportional().of(new double[] {1, 0, 3}, 1, Rng.of(i)).getFirst()]++;
        }
        for (int i = 0; i < 3; i++) {
            assertThat(even[i] / 20_000.0).isCloseTo(1 / 3.0, within(0.018));
        }
        assertThat(weighed[0] / 20_000.0).isCloseTo(0.25, within(0.018));
        assertThat(weighed[1]).isZero();
    }
}
