package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.DType;
import gradus.tensor.GradientCheck;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [FocalLoss] and [WithZLoss]: losses made of others.
class FocalLossTest {
    private static final int V = 5;
    private static final Tensor LOGITS = Tensor.randn(Rng.of(3), 2, 3, V).to(DType.FLOAT64);
    private static final int[] TARGETS = {0, 4, -100, 2, 2, 1};

    private static Batch batch(int... targets) {
        Indices wanted = Indices.of(Shape.of(2, 3), targets);
        return new Batch(wanted, wanted);
    }

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @DoubleRange(min = 0, max = 5) double gamma, @ForAll @IntRange(max = 3) int scale) {
        Tensor logits = LOGITS.mul(scale);
        double focal = 0;
        double z = 0;
        for (int row = 0; row < 6; row++) {
            double partition = 0;
            for (int v = 0; v < V; v++) {
                partition += Math.exp(logits.get(row / 3, row % 3, v));
            }
            if (TARGETS[row] >= 0) {
                double p = Math.exp(logits.get(row / 3, row % 3, TARGETS[row])) / partition;
                focal -= Math.pow(1 - p, gamma) * Math.log(p) / 5;
                z += Math.log(partition) * Math.log(partition) / 5;
            }
        }
        Loss loss = new FocalLoss(gamma);
        assertThat(loss.of(logits, batch(TARGETS)).item()).isCloseTo(focal, within(1e-12 * (1 + focal)));
        double both = new WithZLoss(loss, 0.5).of(logits, batch(TARGETS)).item();
        assertThat(both).isCloseTo(focal + 0.5 * z, within(1e-12 * (1 + both)));
    }

    @Test
    void isTheCrossEntropyWithoutFocusAndBelowItWithOne() {
        Batch batch = batch(TARGETS);
        double crossEntropy = Losses.crossEntropy().of(LOGITS, batch).item();
        assertThat(new FocalLoss(0).of(LOGITS, batch).item()).isCloseTo(crossEntropy, within(1e-14));
        assertThat(new FocalLoss(2).of(LOGITS, batch).item()).isLessThan(crossEntropy);
    }

    /// Where the target is certain, in float32 too, loss and gradient are 0 and not NaN.
    @Test
    void certaintyCostsNothing() { // BAD-INPUT 99, 185
        for (DType dtype : DType.values()) {
            for (double gamma : new double[] {0, 0.5, 2}) {
                Tensor sure = Tensor.of(new double[6 * V], 2, 3, V).to(dtype);
                double[] values = sure.toArray();
                for (int row = 0; row < 6; row++) {
                    values[row * V + Math.max(0, TARGETS[row])] = 1e4;
                }
                sure.set(values);
                sure.requireGrad();
                Tensor loss = new FocalLoss(gamma).of(sure, batch(TARGETS));
                loss.backward();
                assertThat(loss.item()).isZero();
                assertThat(sure.grad().abs().toArray()).containsOnly(0);
            }
        }
        Batch none = batch(-100, -100, -100, -100, -100, -100);
        assertThat(new WithZLoss(new FocalLoss(2), 1).of(LOGITS, none).item()).isZero();
    }

    @Test
    void gradients() {
        for (double gamma : new double[] {0, 0.5, 2}) {
            Loss loss = new WithZLoss(new FocalLoss(gamma), 0.3);
            GradientCheck.of(inputs -> loss.of(inputs[0], batch(TARGETS)), LOGITS)
                    .requirePass();
            GradientCheck.of(inputs -> loss.of(inputs[0], batch(0, 1, 2, 3, 4, 0)), LOGITS)
                    .requirePass();
        }
    }

    @Test
    void badInput() {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new FocalLoss(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("gamma must be at least 0; got " + wrong);
            assertThatThrownBy(() -> new WithZLoss(new FocalLoss(1), wrong)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> new WithZLoss(null, 1)).hasMessageContaining("a loss must be given");
        assertThatThrownBy(() -> new FocalLoss(2).of(LOGITS, batch(0, 1, 2, 3, 4, V)))
                .isInstanceOf(ShapeException.class); // BAD-INPUT 100
    }
}
