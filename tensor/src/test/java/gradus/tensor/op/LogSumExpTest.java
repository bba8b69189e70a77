package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class LogSumExpTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a matrix", x -> LogSumExp.apply(x[0]), Draw.normal(1, 3, 5)),
                new Example("three axes", x -> LogSumExp.apply(x[0]), Draw.normal(1, 2, 3, 2)),
                new Example("one column", x -> LogSumExp.apply(x[0]), Draw.normal(1, 3, 1)));
    }

    @Property
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int n = shape.last();
        double[] values = x.toArray();
        double[] expected = new double[values.length / n];
        for (int row = 0; row < expected.length; row++) {
            for (int j = 0; j < n; j++) {
                expected[row] += Math.exp(values[row * n + j]);
            }
            expected[row] = Math.log(expected[row]);
        }
        assertThat(LogSumExp.apply(x).rank()).isEqualTo(shape.rank() - 1);
        // A sum near 1 has a logarithm near 0, so what rounding leaves is counted against 1.
        gradus.tensor.Near.assertWithin(LogSumExp.apply(x).toArray(), expected, 1e-12);
        assertNear(LogSumExp.apply(x.add(100)).sub(LogSumExp.apply(x)).toArray(), fill(expected.length), ROUNDING);
    }

    @Test
    void aRowOfMinusInfinityHasNoGradient() { // BAD-INPUT 184
        double none = Double.NEGATIVE_INFINITY;
        Tensor x = Tensor.of(new double[] {none, none, 1, none}, 2, 2).requireGrad();
        Tensor y = LogSumExp.apply(x);
        assertThat(y.toArray()).containsExactly(none, 1);
        y.backward(Draw.normal(1, 2));
        assertThat(DoubleStream.of(x.grad().toArray())).allMatch(Double::isFinite);
        assertThat(x.grad().slice(0, 0, 1).toArray()).containsOnly(0);
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }

    private static double[] fill(int n) {
        double[] hundred = new double[n];
        java.util.Arrays.fill(hundred, 100);
        return hundred;
    }
}
