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
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KlDivergenceTest {
    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    private static double[] softmax(Tensor logits, int row) {
        double[] p = new double[logits.dim(1)];
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            p[v] = Math.exp(logits.get(row, v));
            sum += p[v];
        }
        for (int v = 0; v < p.length; v++) {
            p[v] /= sum;
        }
        return p;
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 17) int columns,
            @ForAll long seed) {
        Tensor logits = normal(seed, rows, columns);
        Tensor target = normal(seed + 1, rows, columns);
        double expected = 0;
        for (int row = 0; row < rows; row++) {
            double[] p = softmax(target, row);
            double[] q = softmax(logits, row);
            for (int v = 0; v < columns; v++) {
                expected += p[v] * Math.log(p[v] / q[v]) / rows;
            }
        }
        double loss = KlDivergence.of(logits, target).item();
        // Σ p·|log p/q| stays below 15. Each of up to 17 terms rounds by 1.1e-16 of that, in each of the two sums
        // of a log-softmax as well: 1e-13, also below 0 where p and q nearly agree.
        assertThat(loss).isCloseTo(expected, within(1e-13)).isGreaterThanOrEqualTo(-1e-13);
        assertThat(KlDivergence.of(target.add(3), target).item()).isCloseTo(0, within(1e-13)); // shifts do not count
    }

    /// All of p on one class makes it the cross-entropy, the entropy of p being 0.
    @Test
    void isTheCrossEntropyWhereTheTargetIsOneClass() {
        Tensor logits = normal(1, 2, 3);
        Tensor target = Tensor.of(new double[] {0, 800, 0, 800, 0, 0}, 2, 3);
        double crossEntropy =
                logits.crossEntropy(Indices.of(Shape.of(2), new int[] {1, 0})).item();
        assertThat(KlDivergence.of(logits, target).item()).isCloseTo(crossEntropy, within(1e-14));
    }

    @Test
    void gradients() {
        GradientCheck.of(x -> KlDivergence.of(x[0], x[1]), normal(1, 3, 4), normal(2, 3, 4))
                .requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 7, 185
        assertThatThrownBy(() -> KlDivergence.of(normal(1, 3, 4), normal(1, 4)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("must both be (..., V); got (3, 4) and (4,)");
        assertThatThrownBy(() -> KlDivergence.of(Tensor.scalar(1), Tensor.scalar(1)))
                .isInstanceOf(ShapeException.class);
        Tensor one = normal(1, 4); // a single distribution
        assertThat(KlDivergence.of(one, one).item()).isCloseTo(0, within(1e-12));
        assertThat(KlDivergence.of(normal(1, 2, 4).mul(1e4), normal(2, 2, 4).mul(1e4))
                        .item())
                .isFinite();
    }
}
