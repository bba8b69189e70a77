package gradus.tensor.op;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CompareTest extends OpTest {
    /// Masks have no gradient to check.
    @Override
    protected List<Example> examples() {
        return List.of();
    }

    /// Few different numbers, so that many are equal, and NaN and infinities among them.
    private static Tensor draw(long seed, Shape shape) {
        double[] numbers = {-1, 0, -0.0, 1, 2, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        int[] which = Draw.indices(seed, numbers.length, shape.dims()).values();
        return Draw.tensor(i -> numbers[which[i]], shape.dims());
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Shape row = shape.rank() == 0 ? shape : Shape.of(shape.last());
        Tensor wideA = draw(seed, shape);
        Tensor wideB = draw(seed + 1, row);
        for (DType dtype : DType.values()) {
            Tensor a = wideA.to(dtype);
            Tensor b = wideB.to(dtype);
            double[][] masks = {
                a.eq(b).toArray(), a.ne(b).toArray(), a.lt(b).toArray(),
                a.le(b).toArray(), a.gt(b).toArray(), a.ge(b).toArray()
            };
            assertThat(a.gt(b).dtype()).isEqualTo(dtype);
            for (int at = 0; at < shape.size(); at++) {
                double x = a.get(Places.index(shape, at));
                double y = b.toArray()[at % row.size()];
                boolean[] expected = {x == y, x != y, x < y, x <= y, x > y, x >= y};
                for (int f = 0; f < masks.length; f++) {
                    assertThat(masks[f][at]).as("%d of %s and %s", f, x, y).isEqualTo(expected[f] ? 1 : 0);
                }
            }
            assertThat(b.lt(a).toArray()).isEqualTo(a.gt(b).toArray());
        }
    }

    @Property(tries = 200)
    void aNumberIsAsATensorOfIt(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = draw(seed, shape);
        double number = draw(seed + 1, Shape.of()).item();
        Tensor all = Tensor.fullLike(x, number);
        assertThat(x.eq(number).toArray()).isEqualTo(x.eq(all).toArray());
        assertThat(x.ne(number).toArray()).isEqualTo(x.ne(all).toArray());
        assertThat(x.lt(number).toArray()).isEqualTo(x.lt(all).toArray());
        assertThat(x.le(number).toArray()).isEqualTo(x.le(all).toArray());
        assertThat(x.gt(number).toArray()).isEqualTo(x.gt(all).toArray());
        assertThat(x.ge(number).toArray()).isEqualTo(x.ge(all).toArray());
    }

    @Test
    void aMaskHasNoGradient() {
        Tensor x = Tensor.ones(3).requireGrad();
        assertThat(x.gt(0).requiresGrad()).isFalse();
        assertThat(x.ne(Tensor.zeros(3)).requiresGrad()).isFalse();
    }

    @Test
    void closeIsAsPyTorchHasIt() {
        double inf = Double.POSITIVE_INFINITY;
        double nan = Double.NaN;
        assertThat(close(1e-9, 0)).isTrue();
        assertThat(close(1.1e-8, 0)).isFalse(); // 1e-8 is allowed
        assertThat(close(1 + 0.9e-5, 1)).isTrue();
        assertThat(close(1 + 1.2e-5, 1)).isFalse();
        assertThat(close(inf, inf)).isTrue();
        assertThat(close(inf, -inf)).isFalse();
        assertThat(close(1, inf)).isFalse();
        assertThat(close(nan, nan)).isFalse();
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
        assertThat(x.allClose(x.add(0.1))).isFalse();
        assertThat(x.allClose(x.add(0.1), 0, 0.11)).isTrue();
        assertThat(x.allClose(x.mul(1.1), 0.1, 0)).isTrue(); // the second is what it is measured by
        assertThat(x.mul(1.1).allClose(x, 0.099, 0)).isFalse();
        assertThat(x.allClose(Tensor.of(new double[] {1, 2}, 2))).isFalse();
        assertThat(Tensor.ones(2, 2).allClose(Tensor.scalar(1))).isTrue();
        refused(() -> x.allClose(x, -1, 0), "allClose: tolerances must be at least 0; got -1.0");
        refused(() -> x.allClose(x, Double.NaN, 0), "at least 0");
    }

    private static boolean close(double a, double b) {
        return Tensor.of(new double[] {0, a}, 2).allClose(Tensor.of(new double[] {0, b}, 2));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.eq(Tensor.ones(2)), "eq: shapes (2, 3) and (2,) do not broadcast"); // BAD-INPUT 7
        refused(() -> x.gt(Tensor.ones(2)), "gt: shapes"); // BAD-INPUT 7
        refused(() -> x.le(x.to(DType.FLOAT64)), "le: types must be equal; got FLOAT32 and FLOAT64"); // BAD-INPUT 15
        refused(() -> x.ge(null), "ge: a tensor must be given; got null"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
