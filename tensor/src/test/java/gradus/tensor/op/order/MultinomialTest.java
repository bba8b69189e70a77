package gradus.tensor.op.order;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MultinomialTest extends OpTest {
    /// Draws have no gradient to check.
    @Override
    protected List<Example> examples() {
        return List.of();
    }

    @Property(tries = 200)
    void drawsOnlyWhatHasWeightAndNothingTwice(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll long seed) {
        int[] which = Draw.indices(seed, 3, rows, n).values();
        Tensor weights = Draw.tensor(i -> which[i] == 0 && i % n > 0 ? 0 : 0.5 + which[i], rows, n);
        Rng rng = Rng.of(seed);
        int possible = IntStream.range(0, rows)
                .map(r -> (int) DoubleStream.of(Places.line(weights, 1, new int[] {r}))
                        .filter(w -> w > 0)
                        .count())
                .min()
                .orElseThrow();
        Indices with = weights.multinomial(20, true, rng);
        Indices without = weights.multinomial(possible, false, rng);
        assertThat(with.shape()).isEqualTo(Shape.of(rows, 20));
        for (int row = 0; row < rows; row++) {
            int at = row;
            int[] distinct = IntStream.range(0, possible)
                    .map(j -> without.get(at * possible + j))
                    .distinct()
                    .toArray();
            assertThat(distinct).hasSize(possible);
            for (int j = 0; j < 20; j++) {
                assertThat(weights.get(row, with.get(row * 20 + j))).isPositive();
            }
            for (int id : distinct) {
                assertThat(weights.get(row, id)).isPositive();
            }
        }
        assertThat(weights.multinomial(20, true, rng).values()).isEqualTo(with.values());
        Tensor scaled = weights.mul(4); // only proportions count: a power of two rounds nothing
        assertThat(scaled.multinomial(20, true, rng).values()).isEqualTo(with.values());
        assertThat(scaled.multinomial(possible, false, rng).values()).isEqualTo(without.values());
    }

    /// Frequencies of 20,000 draws are within 5 standard deviations, `√(p(1-p)/20000) ≤ 0.0036`, of the probabilities.
    /// The generator is fixed, so this never fails by chance.
    @Test
    void frequenciesAreTheWeights() {
        Tensor weights = Tensor.of(new double[] {1, 0, 2, 5, 2}, 5);
        int[] counts = new int[5];
        for (int id : weights.multinomial(20_000, true, Rng.of(3)).values()) {
            counts[id]++;
        }
        for (int i = 0; i < 5; i++) {
            assertThat(counts[i] / 20_000.0).isCloseTo(weights.get(i) / 10, within(0.018));
        }
        double[] pairs = new double[25];
        for (int i = 0; i < 20_000; i++) {
            int[] two = weights.multinomial(2, false, Rng.of(i)).values();
            pairs[two[0] * 5 + two[1]] += 1 / 20_000.0;
        }
        for (int a = 0; a < 5; a++) { // the second by its share of what is left
            for (int b = 0; b < 5; b++) {
                double p = weights.get(a) / 10;
                double expected = a == b ? 0 : p * weights.get(b) / (10 - weights.get(a));
                assertThat(pairs[a * 5 + b]).as("%d then %d", a, b).isCloseTo(expected, within(0.018));
            }
        }
    }

    @Test
    void rowsDrawFromStreamsOfTheirOwn() {
        Tensor weights = Tensor.ones(2, 1000);
        int[] drawn = weights.multinomial(10, true, Rng.of(1)).values();
        assertThat(Arrays.copyOf(drawn, 10)).isNotEqualTo(Arrays.copyOfRange(drawn, 10, 20));
        assertThat(Tensor.ones(1000).multinomial(10, true, Rng.of(1)).values()).isEqualTo(Arrays.copyOf(drawn, 10));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Rng rng = Rng.of(1);
        Tensor weights = Tensor.of(new double[] {1, 0, 2}, 3);
        refused(() -> weights.multinomial(3, false, rng), "multinomial: 3 of row 0 cannot be drawn", "2 weights");
        refused(() -> weights.multinomial(0, true, rng), "at least 1 must be drawn; got 0");
        refused(() -> weights.multinomial(1, true, null), "a generator must be given"); // BAD-INPUT 14
        refused(() -> Tensor.zeros(2, 3).multinomial(1, true, rng), "row 0 has none");
        refused(() -> weights.sub(0.5).multinomial(1, true, rng), "weight 1 of row 0 is -0.5");
        refused(() -> weights.log().multinomial(1, true, rng), "weight 1 of row 0 is -Infinity");
        refused(() -> weights.mul(Double.NaN).multinomial(1, true, rng), "weight 0 of row 0 is NaN");
        refused(
                () -> Tensor.ones(1, 2, 3).multinomial(1, true, rng),
                "weights must be (n) or (rows, n)"); // BAD-INPUT 6
        refused(() -> Tensor.scalar(1).multinomial(1, true, rng), "weights must be (n) or (rows, n)");
    }
}
