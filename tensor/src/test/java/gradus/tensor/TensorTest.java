package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Device;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TensorTest {
    @Test
    void isMadeOfValuesAndGivesThemBack() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(x.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(x.get(1, 0)).isEqualTo(4);
        assertThat(x.get(-1, -3)).isEqualTo(4);
        assertThat(x.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(x.to(DType.FLOAT64).toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(Tensor.full(DType.FLOAT64, Shape.of(2), 0.1).toArray()).containsExactly(0.1, 0.1);
        assertThat(Tensor.zeros(2).toArray()).containsOnly(0);
        assertThat(Tensor.ones(2).toArray()).containsOnly(1);
        assertThat(Tensor.scalar(2.5).item()).isEqualTo(2.5);
        assertThat(x.copyFrom(Tensor.ones(2, 3)).toArray()).containsOnly(1);
        assertThat(x.set(6, 5, 4, 3, 2, 1).get(0, 0)).isEqualTo(6);
    }

    @Test
    void valuesThatDoNotFillTheShapeAreRefused() { // BAD-INPUT 6, 9, 14
        refused(() -> Tensor.of(new float[5], 2, 3), "of: shape (2, 3) needs 6 values; got 5");
        refused(() -> Tensor.of(new double[2]), "shape () needs 1 values; got 2");
        refused(() -> Tensor.of((float[]) null, 2), "null");
        refused(() -> Tensor.of((double[]) null, 2), "null");
        refused(() -> Tensor.of((INDArray) null), "null");
        refused(() -> Tensor.of(new float[1], (int[]) null), "null");
        refused(() -> Tensor.ones(2).set(1, 2, 3), "set: shape (2,) needs 2 values; got 3");
        refused(() -> Tensor.ones(2).set((double[]) null), "null");
        refused(() -> Tensor.ones(2).copyFrom(null), "null");
        refused(() -> Tensor.ones(2).copyFrom(Tensor.ones(3)), "copyFrom: shapes must be equal; got (2,) and (3,)");
        refused(() -> Tensor.ones(2).copyFrom(Tensor.ones(2).to(DType.FLOAT64)), "FLOAT32 and FLOAT64"); // BAD-INPUT 15
        refused(() -> Tensor.ones(2).to((DType) null), "null");
        refused(() -> Tensor.ones(2).to((Device) null), "a device must be given");
        refused(() -> Tensor.randn(null, 2), "null");
        refused(() -> Tensor.rand(null, 2), "null");
        refused(() -> Tensor.zeros(-1), "at least 1"); // BAD-INPUT 1
        refused(() -> Tensor.zeros(0), "at least 1"); // BAD-INPUT 2
        refused(() -> Tensor.zeros(1 << 20, 1 << 20), "at most"); // BAD-INPUT 3
        refused(() -> Tensor.zeros(1 << 30, 1 << 30, 1 << 30), "over 2^63"); // BAD-INPUT 4, 5
    }

    @Test
    void placesThatAreNotThereAreRefused() { // BAD-INPUT 6, 12
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.get(0), "get: shape (2, 3) needs 2 indices; got 1");
        refused(() -> x.get(0, 3), "get: index 3 is outside -3..2 of axis 1 of shape (2, 3)");
        refused(() -> x.get(-3, 0), "get: index -3 is outside -2..1 of axis 0");
        refused(x::item, "item: the tensor must have one element; got shape (2, 3)");
    }

    @Test
    void aClosedTensorIsRefused() { // BAD-INPUT 17
        Tensor x = Tensor.ones(2);
        x.close();
        x.close();
        refused(x::toArray, "closed");
        refused(() -> x.add(1), "closed");
        refused(() -> Tensor.ones(2).add(x), "closed");
        refused(() -> x.reshape(2), "closed");
        refused(x::ndarray, "closed");
        refused(x::detach, "closed");
    }

    @Test
    void comesFromAnINDArrayAndGoesBack() {
        INDArray columns =
                Nd4j.createFromArray(new float[][] {{1, 2, 3}, {4, 5, 6}}).transpose();
        Tensor x = Tensor.of(columns);
        assertThat(x.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(x.toArray()).containsExactly(1, 4, 2, 5, 3, 6);
        x.ndarray().muli(2); // the same memory
        assertThat(x.toArray()).containsExactly(2, 8, 4, 10, 6, 12);
        assertThat(Tensor.of(Nd4j.scalar(DataType.DOUBLE, 4)).shape()).isEqualTo(Shape.of());
        assertThat(Tensor.scalar(3).ndarray().rank()).isZero();
        refused(() -> Tensor.of(Nd4j.createFromArray(1, 2)), "FLOAT or DOUBLE; got INT");
    }

    @Test
    void randomTensorsAreTheNumbersOfTheirGenerator() {
        Rng rng = Rng.of(3);
        Tensor x = Tensor.randn(rng, 3, 5);
        assertThat(x.get(1, 2)).isEqualTo((float) rng.gaussian(7));
        assertThat(Tensor.rand(rng, 4).get(3)).isEqualTo((float) rng.uniform(3));
    }

    @Test
    void roundsToFloat32AsJavaDoes() {
        double[] values = {0.1, 1e-40, 3.4e38, 1e300, Double.NaN, -0.0};
        float[] expected = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            expected[i] = (float) values[i];
        }
        float[] actual = Tensor.of(values, values.length).to(DType.FLOAT32).toFloatArray();
        assertThat(Arrays.equals(actual, expected)).isTrue();
    }

    private static void refused(ThrowingCallable call, String words) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContaining(words);
    }
}
