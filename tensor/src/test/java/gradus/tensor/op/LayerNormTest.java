package gradus.tensor.op;

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

class LayerNormTest extends OpTest {
    private static final double EPS = 1e-5;

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "a matrix",
                        x -> x[0].layerNorm(x[1], x[2], EPS),
                        Draw.normal(1, 3, 5),
                        Draw.normal(2, 5),
                        Draw.normal(3, 5)),
                new Example(
                        "three axes, a large eps",
                        x -> x[0].layerNorm(x[1], x[2], 0.5),
                        Draw.normal(1, 2, 2, 7),
                        Draw.normal(2, 7),
                        Draw.normal(3, 7)),
                new Example(
                        "a vector that is its own gain and bias",
                        x -> x[0].layerNorm(x[0], x[0], EPS),
                        Draw.normal(1, 7)),
                new Example(
                        "gain and bias the same",
                        x -> x[0].layerNorm(x[1], x[1], EPS),
                        Draw.normal(1, 4, 6),
                        Draw.normal(2, 6)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = shape.last();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor gain = Draw.normal(seed + 1, n);
        Tensor bias = Draw.normal(seed + 2, n);
        double[] values = x.toArray();
        double[] expected = new double[values.length];
        for (int row = 0; row < values.length / n; row++) {
            double mean = 0;
            double variance = 0;
            for (int j = 0; j < n; j++) {
                mean += values[row * n + j] / n;
            }
            for (int j = 0; j < n; j++) {
                variance += Math.pow(values[row * n + j] - mean, 2) / n;
            }
            for (int j = 0; j < n; j++) {
                expected[row * n + j] =
                        (values[row * n + j] - mean) / Math.sqrt(variance + EPS) * gain.get(j) + bias.get(j);
            }
        }
        // 1/√(variance + ε) magnifies a rounding of x by up to 1/√ε = 316.
        double terms = largest(gain.toArray());
        assertNear(x.layerNorm(gain, bias, EPS).toArray(), expected, 1e-12, terms);
        assertNear(unfused(x, gain, bias).toArray(), expected, 1e-12, terms);
        Tensor narrow = x.to(DType.FLOAT32).layerNorm(gain.to(DType.FLOAT32), bias.to(DType.FLOAT32), EPS);
        assertNear(narrow.toArray(), expected, 1e-4, largest(gain.toArray()));
    }

    /// Backward of the fused operation against the composition's.
    @Property
    void hasTheGradientsOfItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = shape.last();
        Tensor x = Draw.normal(seed, shape.dims()).requireGrad();
        Tensor gain = Draw.normal(seed + 1, n).requireGrad();
        Tensor bias = Draw.normal(seed + 2, n).requireGrad();
        Tensor u = Draw.normal(seed + 3, shape.dims());
        x.layerNorm(gain, bias, 0.1).backward(u);
        Tensor[] fused = {x.grad().add(0), gain.grad().add(0), bias.grad().add(0)};
        List.of(x, gain, bias).forEach(Tensor::zeroGrad);
        Tensor centred = x.sub(x.mean(-1, true));
        Tensor rstd = centred.square().mean(-1, true).add(0.1).sqrt().reciprocal();
        centred.mul(rstd).mul(gain).add(bias).backward(u);
        double terms = largest(u.toArray()) * x.size();
        assertNear(fused[1].toArray(), gain.grad().toArray(), 1e-12, terms / Math.sqrt(0.1));
        assertNear(fused[2].toArray(), bias.grad().toArray(), 1e-12, terms);
        Tensor gap = fused[0].sub(x.grad()).abs();
        assertThat(DoubleStream.of(gap.toArray())).allMatch(d -> d < 1e-11); // dx of a single column is exactly 0
    }

    @Property
    void obeysItsLaws(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int n = shape.last();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor one = Draw.tensor(i -> 1, n);
        Tensor zero = Draw.tensor(i -> 0, n);
        Tensor y = x.layerNorm(one, zero, 1e-12);
        // Scaling x by 3 scales its variance by 9; with ε scaled alike nothing changes. What is left is the rounding
        // of 3x + 5, some 1e-15, magnified by at most 1/√ε = 1e6.
        Tensor moved = x.mul(3).add(5).layerNorm(one, zero, 9e-12);
        assertThat(DoubleStream.of(moved.sub(y).abs().toArray())).allMatch(d -> d < 1e-7);
        assertThat(DoubleStream.of(y.sum(-1).abs().toArray())).allMatch(d -> d < 1e-8);
        x.requireGrad();
        x.layerNorm(one, zero, EPS).backward(Draw.normal(seed + 1, shape.dims()));
        assertThat(DoubleStream.of(x.grad().sum(-1).abs().toArray()))
                .allMatch(d -> d < 1e-9); // a shift of x changes nothing
    }

    @Test
    void aConstantRowGivesTheBias() {
        Tensor bias = Draw.normal(1, 8);
        Tensor x = Draw.tensor(i -> 7.25, 2, 8);
        assertNear(x.layerNorm(Draw.normal(2, 8), bias, EPS), bias.broadcastTo(2, 8), 0);
    }

    @Test
    void vectorsThatDoNotFitAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        Tensor three = Tensor.ones(3);
        refused(() -> x.layerNorm(Tensor.ones(2), three, EPS), "gain must be (3,) for x of shape (2, 3); got (2,)");
        refused(() -> x.layerNorm(three, Tensor.ones(1, 3), EPS), "bias must be (3,)"); // BAD-INPUT 6
        refused(() -> x.layerNorm(null, three, EPS), "null"); // BAD-INPUT 14
        refused(() -> x.layerNorm(three.to(DType.FLOAT64), three, EPS), "FLOAT32 and FLOAT64"); // BAD-INPUT 15
        refused(() -> x.layerNorm(three, three, -1), "eps");
        refused(() -> x.layerNorm(three, three, Double.NaN), "eps");
    }

    private static Tensor unfused(Tensor x, Tensor gain, Tensor bias) {
        Tensor centred = x.sub(x.mean(-1, true));
        Tensor variance = centred.square().mean(-1, true);
        return centred.div(variance.add(EPS).sqrt()).mul(gain).add(bias);
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
