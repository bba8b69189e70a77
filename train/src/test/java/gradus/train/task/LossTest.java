package gradus.train.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.loss.FocalLoss;
import gradus.layers.loss.ZLoss;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LossTest {
    private static final int V = 5;
    private static final Tensor LOGITS = Tensor.randn(Rng.of(3), 2, 3, V).to(DType.FLOAT64);

    private static Batch batch(int... targets) {
        Indices wanted = Indices.of(Shape.of(2, 3), targets);
        return new Batch(wanted, wanted);
    }

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @DoubleRange(min = 0, max = 0.9) double smoothing) {
        int[] targets = {0, 4, -100, 2, 2, 1};
        double sum = 0;
        for (int row = 0; row < 6; row++) {
            if (targets[row] >= 0) {
                double partition = 0;
                for (int v = 0; v < V; v++) {
                    partition += Math.exp(LOGITS.get(row / 3, row % 3, v));
                }
                for (int v = 0; v < V; v++) {
                    double wanted = (v == targets[row] ? 1 - smoothing : 0) + smoothing / V;
                    sum -= wanted * (LOGITS.get(row / 3, row % 3, v) - Math.log(partition));
                }
            }
        }
        double loss = Loss.crossEntropy(smoothing).of(LOGITS, batch(targets)).item();
        assertThat(loss).isCloseTo(sum / 5, within(1e-13)); // 5 of 6 count
    }

    @Test
    void uniformLogitsGiveLnV() {
        Tensor same = Tensor.full(DType.FLOAT64, Shape.of(2, 3, V), 42);
        assertThat(Loss.crossEntropy().of(same, batch(0, 1, 2, 3, 4, 0)).item()).isCloseTo(Math.log(V), within(1e-13));
    }

    @Test
    void largeLogitsStayFinite() { // BAD-INPUT 185
        Tensor large = LOGITS.mul(1e4);
        assertThat(Loss.crossEntropy().of(large, batch(0, 1, 2, 3, 4, 0)).item())
                .isFinite();
    }

    @Test
    void withNothingToPredictTheLossIsZero() { // BAD-INPUT 99
        int[] none = new int[6];
        Arrays.fill(none, -100);
        Batch batch = batch(none);
        assertThat(batch.counted()).isZero();
        assertThat(Loss.crossEntropy().of(LOGITS, batch).item()).isZero();
    }

    @Test
    void gradients() {
        Batch batch = batch(0, 4, -100, 2, 2, 1);
        for (double smoothing : new double[] {0, 0.1}) {
            Loss loss = Loss.crossEntropy(smoothing);
            GradientCheck.of(inputs -> loss.of(inputs[0], batch), LOGITS).requirePass();
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> Loss.crossEntropy(1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Loss.crossEntropy(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Loss.crossEntropy().of(LOGITS, batch(0, 1, 2, 3, 4, V)))
                .isInstanceOf(ShapeException.class); // BAD-INPUT 100
    }

    @Test
    void theLossesAreThoseOfTheirRoom() {
        Batch batch = batch(0, 4, -100, 2, 2, 1);
        double focal = FocalLoss.of(LOGITS, batch.targets(), 2).item();
        double z = ZLoss.of(LOGITS, batch.targets()).item();
        assertThat(Loss.focal(2).of(LOGITS, batch).item()).isEqualTo(focal);
        // One product and one sum of doubles.
        assertThat(Loss.focal(2).withZLoss(0.5).of(LOGITS, batch).item())
                .isCloseTo(focal + 0.5 * z, within(1e-15 * 10));
    }

    /// A loss that counts in its own way keeps doing so.
    @Test
    void aZLossLeavesTheCountAlone() {
        Loss pairs = new Loss() {
            @Override
            public Tensor of(Tensor logits, Batch batch) {
                return logits.mean();
            }

            @Override
            public int counted(Batch batch) {
                return 3;
            }
        };
        assertThat(pairs.withZLoss(1).counted(batch(0, 1, 2, 3, 4, 0))).isEqualTo(3);
    }

    @Test
    void badWeights() {
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Loss.focal(wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("gamma must be at least 0; got " + wrong);
            assertThatThrownBy(() -> Loss.crossEntropy().withZLoss(wrong)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void focalLossWithoutItsFactorIsTheCrossEntropy() {
        Batch batch = batch(0, 4, -100, 2, 2, 1);
        assertThat(Loss.focal(0).of(LOGITS, batch).item())
                .isCloseTo(Loss.crossEntropy().of(LOGITS, batch).item(), within(1e-14)); // float64
    }
}
