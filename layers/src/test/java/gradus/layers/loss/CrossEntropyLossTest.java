package gradus.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CrossEntropyLossTest {
    private static Tensor logits(long seed, int rows, int classes) {
        return Tensor.randn(Rng.of(seed), rows, classes).to(DType.FLOAT64).mul(2);
    }

    /// Rows whose class is drawn above V are left out.
    private static Indices targets(long seed, int rows, int classes) {
        Rng rng = Rng.of(seed).at("targets");
        int[] targets = new int[rows];
        for (int row = 0; row < rows; row++) {
            int drawn = rng.index(row, classes + 1);
            targets[row] = drawn == classes ? -100 : drawn;
        }
        return Indices.of(Shape.of(rows), targets);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 17) int classes,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        Tensor logits = logits(seed, rows, classes);
        Indices targets = targets(seed, rows, classes);
        double sum = 0;
        int counted = 0;
        for (int row = 0; row < rows; row++) {
            if (targets.get(row) < 0) {
                continue;
            }
            counted++;
            double partition = 0;
            for (int v = 0; v < classes; v++) {
                partition += Math.exp(logits.get(row, v));
            }
            for (int v = 0; v < classes; v++) {
                double wanted = (v == targets.get(row) ? 1 - smoothing : 0) + smoothing / classes;
                sum -= wanted * (logits.get(row, v) - Math.log(partition));
            }
        }
        double expected = sum / Math.max(1, counted);
        // Some hundred roundings of doubles of at most about 10.
        assertThat(CrossEntropyLoss.of(logits, targets, smoothing).item()).isCloseTo(expected, within(1e-12));
        if (smoothing == 0) {
            assertThat(CrossEntropyLoss.of(logits, targets).item()).isCloseTo(expected, within(1e-12));
        }
    }

    @Property(tries = 200)
    void equalLogitsGiveLnV(@ForAll @IntRange(min = 1, max = 100) int classes, @ForAll @IntRange(max = 90) int level) {
        Tensor same = Tensor.full(DType.FLOAT64, Shape.of(2, classes), level);
        Indices targets = Indices.of(Shape.of(2), new int[] {0, classes - 1});
        assertThat(CrossEntropyLoss.of(same, targets).item()).isCloseTo(Math.log(classes), within(1e-13));
    }

    @Test
    void gradients() {
        Indices targets = targets(1, 4, 5);
        GradientCheck.of(x -> CrossEntropyLoss.of(x[0], targets), logits(1, 4, 5))
                .requirePass();
        GradientCheck.of(x -> CrossEntropyLoss.of(x[0], targets, 0.3), logits(2, 4, 5))
                .requirePass();
    }

    @Test
    void badInput() {
        Tensor logits = logits(1, 2, 3);
        Indices tooLarge = Indices.of(Shape.of(2), new int[] {0, 3});
        assertThatThrownBy(() -> CrossEntropyLoss.of(logits, tooLarge)).isInstanceOf(ShapeException.class);
        Indices fits = Indices.of(Shape.of(2), new int[] {0, 1});
        assertThatThrownBy(() -> CrossEntropyLoss.of(logits, fits, -0.1)).isInstanceOf(ShapeException.class);
        assertThat(CrossEntropyLoss.of(logits.mul(1e4), fits).item()).isFinite(); // BAD-INPUT 185
    }
}
