package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertWithin;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogSoftmaxTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a matrix", x -> x[0].logSoftmax(), Draw.normal(1, 3, 5)),
                new Example("three axes", x -> x[0].logSoftmax(), Draw.normal(1, 2, 2, 17)),
                new Example("a vector", x -> x[0].logSoftmax(), Draw.normal(1, 7)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int n = shape.last();
        double[] values = x.toArray();
        double[] expected = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            for (int j = i / n * n; j < i / n * n + n; j++) {
                sum += Math.exp(values[j]);
            }
            expected[i] = values[i] - Math.log(sum);
        }
        assertWithin(x.logSoftmax().toArray(), expected, ROUNDING);
        assertWithin(x.sub(x.exp().sum(-1, true).log()).toArray(), expected, ROUNDING);
        assertWithin(x.softmax().log().toArray(), expected, ROUNDING);
        // A sum of 70 terms rounds by 70 · 6e-8 at most, and results below 15 by 5e-7 more.
        assertWithin(x.to(DType.FLOAT32).logSoftmax().toArray(), expected, 1e-5);
    }

    @Property
    void aShiftChangesNothing(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor gap = x.add(100).logSoftmax().sub(x.logSoftmax()).abs();
        assertThat(DoubleStream.of(gap.amax(-1).toArray())).allMatch(d -> d < 1e-12); // x + 100 has lost two digits
    }

    @Test
    void extremeLogitsStayExact() { // BAD-INPUT 184, 185
        double no = Double.NEGATIVE_INFINITY;
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {1e4, -1e4, 0, no, no, no, no, 2, no}, 3, 3)
                    .to(dtype)
                    .requireGrad();
            Tensor y = x.logSoftmax();
            assertThat(y.toArray()).containsExactly(0, -2e4, -1e4, no, no, no, no, 0, no);
            y.backward(Tensor.full(dtype, y.shape(), 1));
            assertThat(x.grad().toArray()).doesNotContain(Double.NaN);
        }
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }
}
