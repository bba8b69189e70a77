package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Gate;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GatedTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return Stream.of(Gate.values())
                .flatMap(gate -> Stream.of(
                        new Example(
                                gate.name(),
                                x -> Gated.apply(gate, x[0], x[1]),
                                alternating(3, 7),
                                Draw.normal(2, 3, 7)),
                        new Example(gate + " of itself", x -> Gated.apply(gate, x[0], x[0]), alternating(17))))
                .toList();
    }

    /// Both signs, away from ReLU's kink; an odd number, so that the last is positive and its gradient not
    /// 0.
    private static Tensor alternating(int... dims) {
        return Draw.tensor(i -> (i % 2 == 0 ? 1 : -1) * (0.2 + 0.1 * i), dims);
    }

    /// The function of the gate in plain Java; Φ by Simpson's rule, which needs no series.
    private static double f(Gate gate, double a) {
        return switch (gate) {
            case SIGMOID -> 1 / (1 + Math.exp(-a));
            case RELU -> Math.max(a, 0);
            case GELU -> a * normal(a);
            case SILU -> a / (1 + Math.exp(-a));
        };
    }

    private static double normal(double x) {
        int steps = 2000;
        double h = Math.abs(x) / steps;
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            double t = i * h;
            sum += h / 6 * (density(t) + 4 * density(t + h / 2) + density(t + h));
        }
        return 0.5 + Math.signum(x) * sum;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Property(tries = 200)
    void isTheLoopAndItsUnfusedForm(@ForAll Gate gate, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Draw.normal(seed, shape.dims());
        Tensor b = Draw.normal(seed + 1, shape.dims());
        double[] expected = new double[a.size()];
        double[] gates = a.toArray();
        double[] values = b.toArray();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = f(gate, gates[i]) * values[i];
        }
        // Where a gate closes, 1 + erf(a/√2) or 1 + tanh(…) cancels: what rounding leaves is of the size of |a·b|,
        // or of |b| for the sigmoid.
        double terms = (1 + largest(gates)) * largest(values);
        assertNear(Gated.apply(gate, a, b).toArray(), expected, ROUNDING, terms);
        assertNear(Pointwise.apply(gate.function(), a).mul(b).toArray(), expected, ROUNDING, terms);
        Tensor narrow = Gated.apply(gate, a.to(DType.FLOAT32), b.to(DType.FLOAT32));
        assertNear(narrow.toArray(), expected, 1e-6, terms); // some ten roundings of float32, 6e-8 each
    }

    @Property(tries = 200)
    void hasTheGradientsOfItsUnfusedForm(@ForAll Gate gate, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Draw.normal(seed, shape.dims()).requireGrad();
        Tensor b = Draw.normal(seed + 1, shape.dims()).requireGrad();
        Tensor u = Draw.normal(seed + 2, shape.dims());
        Gated.apply(gate, a, b).backward(u);
        Tensor da = a.grad().add(0);
        Tensor db = b.grad().add(0);
        a.zeroGrad();
        b.zeroGrad();
        Pointwise.apply(gate.function(), a).mul(b).backward(u);
        // f'(a) is a sum of terms up to 1 + a², which cancel near the minimum of f.
        double squares = 1 + largest(a.toArray()) * largest(a.toArray());
        double upstream = largest(u.toArray());
        assertNear(da.toArray(), a.grad().toArray(), ROUNDING, squares * upstream * largest(b.toArray()));
        assertNear(db.toArray(), b.grad().toArray(), ROUNDING, squares * upstream);
    }

    /// It is linear in b; a closed gate lets nothing through, and an open one (for which f(a) = a) gives
    /// the product.
    @Property(tries = 200)
    void obeysItsLaws(@ForAll Gate gate, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Draw.normal(seed, shape.dims());
        Tensor b = Draw.normal(seed + 1, shape.dims());
        Tensor c = Draw.normal(seed + 2, shape.dims());
        Tensor sum = Gated.apply(gate, a, b).mul(2).add(Gated.apply(gate, a, c));
        double parts = (1 + largest(a.toArray())) * (2 * largest(b.toArray()) + largest(c.toArray())); // may cancel
        assertNear(Gated.apply(gate, a, b.mul(2).add(c)).toArray(), sum.toArray(), ROUNDING, parts);
        assertThat(Gated.apply(gate, a.sub(1e4), b).abs().toArray()).containsOnly(0);
        Tensor open = gate == Gate.SIGMOID ? b : a.add(1e4).mul(b);
        assertNear(Gated.apply(gate, a.add(1e4), b), open, ROUNDING);
        if (gate != Gate.SIGMOID && gate != Gate.RELU) { // f(a) - f(-a) = a
            Tensor difference = Gated.apply(gate, a, b).sub(Gated.apply(gate, a.neg(), b));
            // The product may be small where its halves are not.
            assertNear(difference.toArray(), a.mul(b).toArray(), ROUNDING, parts);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() { // BAD-INPUT 7, 14, 15
        Tensor a = Tensor.ones(2, 3);
        refused(() -> Gated.apply(Gate.SILU, a, Tensor.ones(3)), "gated: shapes must be equal; got (2, 3) and (3,)");
        refused(() -> Gated.apply(Gate.SILU, a, null), "null");
        refused(() -> Gated.apply(null, a, a), "null");
        refused(() -> Gated.apply(Gate.SILU, null, a), "null");
        refused(() -> Gated.apply(Gate.SILU, a, a.to(DType.FLOAT64)), "types must be equal");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
