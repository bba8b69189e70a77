package gradus.tensor.op.pointwise;

import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LogSigmoidTest extends OpTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a matrix", x -> x[0].logSigmoid(), Draw.awayFromZero(1, 3, 5)),
                new Example("large ones", x -> x[0].mul(9).logSigmoid(), Draw.awayFromZero(2, 3, 4)),
                new Example("softplus", x -> x[0].softplus(), Draw.awayFromZero(3, 7)),
                new Example("a scalar", x -> x[0].logSigmoid(), Draw.awayFromZero(4)));
    }

    /// Within 3 roundings of 1.1e-16 of each value: those of exp, log1p and the difference, none of which
    /// cancels.
    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @DoubleRange(min = 0.01, max = 100) double scale,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims()).mul(scale);
        double[] expected = x.toArray();
        double[] plus = expected.clone();
        for (int i = 0; i < expected.length; i++) {
            double v = expected[i];
            expected[i] = v > 0 ? -Math.log1p(Math.exp(-v)) : v - Math.log1p(Math.exp(v));
            plus[i] = v > 0 ? v + Math.log1p(Math.exp(-v)) : Math.log1p(Math.exp(v));
        }
        assertEachNear(x.logSigmoid().toArray(), expected, 1e-15);
        assertEachNear(x.softplus().toArray(), plus, 1e-15);
    }

    /// The slope is σ(-x): at 0 too, which is where every policy starts that is its own reference.
    @Property(tries = 200)
    void theSlopeIsTheOtherSidesProbability(@ForAll @DoubleRange(min = -30, max = 30) double at) {
        for (double v : new double[] {at, 0}) {
            Tensor x = Tensor.of(new double[] {v}, 1).requireGrad();
            x.logSigmoid().sum().backward();
            assertThat(x.grad().toArray()[0]).isBetween(0.0, 1.0);
            assertNear(x.grad().toArray(), new double[] {1 / (1 + Math.exp(v))}, 1e-14);
        }
    }

    @Test
    void whereASigmoidRoundsToNothingItsLogarithmDoesNot() {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {-1e4, 1e4, -INF, INF, 0, Double.NaN}, 6)
                    .to(dtype)
                    .requireGrad();
            Tensor y = x.logSigmoid();
            double half = dtype == DType.FLOAT32 ? (float) Math.log(0.5) : Math.log(0.5);
            assertThat(y.toArray()).containsExactly(-1e4, 0, -INF, 0, half, Double.NaN);
            y.slice(0, 0, 5).sum().backward();
            assertThat(x.grad().abs().slice(0, 0, 5).toArray()).containsExactly(1, 0, 1, 0, 0.5);
        }
    }

    @Test
    void badInput() {
        refused(() -> LogSigmoid.apply(null), "logSigmoid: a tensor must be given; got null"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
