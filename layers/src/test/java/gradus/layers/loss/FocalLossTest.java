package gradus.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [FocalLoss], and [ZLoss] where some rows are left out.
class FocalLossTest {
    private static final int V = 5;
    private static final Tensor LOGITS = Tensor.randn(Rng.of(3), 2, 3, V).to(DType.FLOAT64);
    private static final int[] TARGETS = {0, 4, -100, 2, 2, 1};

    private static Indices wanted(int... targets) {
        return Indices.of(Shape.of(2, 3), targets);
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
        Indices wanted = wanted(TARGETS);
        assertThat(FocalLoss.of(logits, wanted, gamma).item()).isCloseTo(focal, within(1e-12 * (1 + focal)));
        assertThat(ZLoss.of(logits, wanted).item()).isCloseTo(z, within(1e-12 * (1 + z)));
    }

    @Test
    void isTheCrossEntropyWithoutFocusAndBelowItWithOne() {
        Indices wanted = wanted(TARGETS);
        double crossEntropy = CrossEntropyLoss.of(LOGITS, wanted).item();
        assertThat(FocalLoss.of(LOGITS, wanted, 0).item()).isCloseTo(crossEntropy, within(1e-14));
        assertThat(FocalLoss.of(LOGITS, wanted, 2).item()).isLessThan(crossEntropy);
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
                Tensor loss = FocalLoss.of(sure, wanted(TARGETS), gamma);
                loss.backward();
                assertThat(loss.item()).isZero();
                assertThat(sure.grad().abs().toArray()).containsOnly(0);
            }
        }
        Indices none = wanted(-100, -100, -100, -100, -100, -100);
        Tensor logits = LOGITS.to(DType.FLOAT64).requireGrad();
        Tensor nothing = FocalLoss.of(logits, none, 2).add(ZLoss.of(logits, none));
        nothing.backward();
        assertThat(nothing.item()).isZero();
        assertThat(logits.grad().abs().toArray()).containsOnly(0);
    }

    @Test
    void gradients() {
        for (Indices wanted : List.of(wanted(TARGETS), wanted(0, 1, 2, 3, 4, 0))) {
            for (double gamma : new double[] {0, 0.5, 2}) {
                GradientCheck.of(x -> FocalLoss.of(x[0], wanted, gamma), LOGITS).requirePass();
            }
            GradientCheck.of(x -> ZLoss.of(x[0], wanted), LOGITS).requirePass();
        }
    }

    @Test
    void badInput() {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> FocalLoss.of(LOGITS, wanted(TARGETS), wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("gamma must be at least 0; got " + wrong);
        }
        Indices tooLarge = wanted(0, 1, 2, 3, 4, V);
        assertThatThrownBy(() -> FocalLoss.of(LOGITS, tooLarge, 2)).isInstanceOf(ShapeException.class); // BAD-INPUT 100
        Indices fewer = Indices.of(Shape.of(2), new int[] {0, 1});
        assertThatThrownBy(() -> ZLoss.of(LOGITS, fewer))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("logits must be (..., V) and targets (...)");
    }
}
