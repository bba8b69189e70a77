package gradus.lessons.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CategoricalTest {
    @Test
    void whatHasNoProbabilityIsNeverDrawn() {
        double[] probs = {0, 0.25, 0, 0.75, 0};
        assertThat(Categorical.draw(probs, 0)).isEqualTo(1);
        assertThat(Categorical.draw(probs, Math.nextDown(0.25))).isEqualTo(1);
        assertThat(Categorical.draw(probs, 0.25)).isEqualTo(3);
        assertThat(Categorical.draw(probs, Math.nextDown(1.0))).isEqualTo(3);
        assertThat(Categorical.draw(new double[] {0.5, 0.4999, 0}, 0.99995)).isEqualTo(1); // the sum is below 1
    }

    /// The numbers from which an answer is drawn are an interval as long as its probability.
    @Property(tries = 200)
    void eachHasItsShare(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
        double[] probs = new double[n];
        Arrays.setAll(probs, i -> Rng.of(seed).uniform(i) + (i == 0 ? 0.1 : 0));
        double sum = Arrays.stream(probs).sum();
        Arrays.setAll(probs, i -> probs[i] / sum);
        int points = 1000;
        double[] counts = new double[n];
        for (int k = 0; k < points; k++) {
            counts[Categorical.draw(probs, (k + 0.5) / points)]++;
        }
        for (int i = 0; i < n; i++) { // an interval holds at most one point more or less than its length says
            assertThat(counts[i] / points).isCloseTo(probs[i], within(1.0 / points + 1e-9));
        }
    }
}
