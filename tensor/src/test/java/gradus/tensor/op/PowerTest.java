package gradus.tensor.op;

import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class PowerTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("cube", x -> x[0].pow(3), Draw.awayFromZero(1, 3, 4)),
                new Example("a root", x -> x[0].pow(0.5), Draw.positive(1, 3, 4)),
                new Example("a reciprocal", x -> x[0].pow(-1), Draw.awayFromZero(1, 3, 4)),
                new Example("itself", x -> x[0].pow(1), Draw.awayFromZero(1, 3, 4)),
                new Example("two tensors", x -> x[0].pow(x[1]), Draw.positive(1, 3, 4), Draw.normal(2, 3, 4)),
                new Example("a row of powers", x -> x[0].pow(x[1]), Draw.positive(1, 3, 1), Draw.normal(2, 4)));
    }

    /// Rounding: one or two of the library, and what half a rounding of `p·ln x` may amount to, at most 4.
    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @DoubleRange(min = -4, max = 4) double p, @ForAll long seed) {
        Tensor x = Draw.positive(seed, shape.dims());
        double exponent = (float) p;
        double[] expected =
                Arrays.stream(x.toArray()).map(v -> Math.pow(v, exponent)).toArray();
        assertEachNear(x.pow(exponent).toArray(), expected, 0x1p-50);
        assertEachNear(x.to(DType.FLOAT32).pow(exponent).toArray(), expected, 0x1p-22);
        Tensor exponents = Tensor.fullLike(x, exponent);
        assertEachNear(x.pow(exponents).toArray(), expected, 0x1p-50);
    }

    /// `xᵖ·x^q = x^(p+q)`, `(xᵖ)^(1/p) = x`, `x² = x.square()`
    @Property(tries = 200)
    void obeysTheLaws(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.positive(seed, shape.dims());
        assertEachNear(x.pow(1.5).mul(x.pow(-0.25)).toArray(), x.pow(1.25).toArray(), 0x1p-48);
        assertEachNear(x.pow(3).pow(1.0 / 3).toArray(), x.toArray(), 0x1p-48);
        assertEachNear(x.neg().pow(2).toArray(), x.square().toArray(), 0x1p-50);
        assertEachNear(x.neg().pow(3).toArray(), x.pow(3).neg().toArray(), 0x1p-50);
    }

    @Test
    void theEdgesAreAsInPyTorch() {
        for (DType dtype : DType.values()) {
            Tensor x =
                    Tensor.of(new double[] {0, -1, 2, Double.NaN}, 4).to(dtype).requireGrad();
            Tensor y = x.pow(0);
            assertThat(y.toArray()).containsExactly(1, 1, 1, 1);
            y.sum().backward();
            assertThat(x.grad().abs().toArray()).containsExactly(0, 0, 0, 0);
            Tensor zero = Tensor.full(dtype, Shape.of(3), 0).requireGrad();
            Tensor p = Tensor.of(new double[] {1, 2, 0.5}, 3).to(dtype).requireGrad();
            zero.pow(p).sum().backward();
            assertThat(zero.grad().toArray()).containsExactly(1, 0, Double.POSITIVE_INFINITY);
            assertThat(p.grad().abs().toArray()).containsExactly(0, 0, 0);
            assertThat(Tensor.full(dtype, Shape.of(), -8).pow(1.0 / 3).item()).isNaN();
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.pow(Tensor.ones(2)), "pow: shapes (2, 3) and (2,) do not broadcast"); // BAD-INPUT 7
        refused(() -> x.pow(null), "pow: a tensor must be given; got null"); // BAD-INPUT 14
        refused(() -> x.pow(x.to(DType.FLOAT64)), "pow: types must be equal"); // BAD-INPUT 15
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
