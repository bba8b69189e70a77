package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.ViewsTest.refused;
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

class RmsNormTest extends OpTest {
    private static final double EPS = 1e-6;

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a matrix", x -> x[0].rmsNorm(x[1], EPS), Draw.normal(1, 3, 5), Draw.normal(2, 5)),
                new Example(
                        "three axes, a large eps",
                        x -> x[0].rmsNorm(x[1], 0.5),
                        Draw.normal(1, 2, 2, 7),
                        Draw.normal(2, 7)),
                new Example("a vector that is its own gain", x -> x[0].rmsNorm(x[0], EPS), Draw.normal(1, 7)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = shape.last();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor gain = Draw.normal(seed + 1, n);
        double[] values = x.toArray();
        double[] expected = new double[values.length];
        for (int row = 0; row < values.length / n; row++) {
            double square = 0;
            for (int j = 0; j < n; j++) {
                square += values[row * n + j] * values[row * n + j] / n;
            }
            for (int j = 0; j < n; j++) {
                expected[row * n + j] = values[row * n + j] / Math.sqrt(square + EPS) * gain.get(j);
            }
        }
        assertNear(x.rmsNorm(gain, EPS).toArray(), expected, ROUNDING);
        Tensor unfused = x.div(x.square().mean(-1, true).add(EPS).sqrt()).mul(gain);
        assertNear(unfused.toArray(), expected, ROUNDING);
        Tensor narrow = x.to(DType.FLOAT32).rmsNorm(gain.to(DType.FLOAT32), EPS);
        assertNear(narrow.toArray(), expected, 1e-5);
    }

    @Property
    void hasTheGradientsOfItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims()).requireGrad();
        Tensor gain = Draw.normal(seed + 1, shape.last()).requireGrad();
        Tensor u = Draw.normal(seed + 2, shape.dims());
        x.rmsNorm(gain, 0.1).backward(u);
        Tensor dx = x.grad().add(0);
        Tensor dgain = gain.grad().add(0);
        x.zeroGrad();
        gain.zeroGrad();
        x.mul(x.square().mean(-1, true).add(0.1).sqrt().reciprocal()).mul(gain).backward(u);
        // Both are differences and sums of products of u, x̂ and gain, which stay below these.
        double terms = largest(u.toArray()) * Math.max(1, largest(gain.toArray())) * x.size();
        assertNear(dx.toArray(), x.grad().toArray(), 1e-12, terms / Math.sqrt(0.1));
        assertNear(dgain.toArray(), gain.grad().toArray(), 1e-12, terms);
    }

    @Property
    void obeysItsLaws(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = shape.last();
        Tensor x = Draw.awayFromZero(seed, shape.dims());
        Tensor one = Draw.tensor(i -> 1, n);
        Tensor zero = Draw.tensor(i -> 0, n);
        assertNear(x.mul(4).rmsNorm(one, 0), x.rmsNorm(one, 0), ROUNDING);
        Tensor square = x.rmsNorm(one, 0).square().mean(-1);
        assertNear(square, square.mul(0).add(1), ROUNDING);
        Tensor centred = x.sub(x.mean(-1, true));
        Tensor gap = centred.rmsNorm(one, 0.1).sub(centred.layerNorm(one, zero, 0.1));
        assertThat(DoubleStream.of(gap.abs().toArray())).allMatch(d -> d < 1e-12);
    }

    @Test
    void vectorsThatDoNotFitAreRefused() { // BAD-INPUT 6, 14
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.rmsNorm(Tensor.ones(2), EPS), "rmsNorm: gain must be (3,) for x of shape (2, 3); got (2,)");
        refused(() -> x.rmsNorm(null, EPS), "null");
        refused(() -> x.rmsNorm(Tensor.ones(3), -1e-9), "eps");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
