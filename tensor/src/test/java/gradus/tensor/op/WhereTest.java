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

class WhereTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("where", x -> mask(x[0], 3, 5).where(x), Draw.normal(1, 3, 5), Draw.normal(2, 3, 5)),
                new Example(
                        "a row and a column", x -> mask(x[0], 3, 5).where(x), Draw.normal(1, 5), Draw.normal(2, 3, 1)),
                new Example("a stretched mask", x -> mask(x[0], 3, 1).where(x), Draw.normal(1, 3, 5), Draw.normal(2)),
                new Example(
                        "a larger mask", x -> mask(x[0], 4, 3, 5).where(x), Draw.normal(1, 5), Draw.normal(2, 3, 5)),
                new Example("maskedFill", x -> x[0].maskedFill(mask(x[0], 3, 5).mask, 7), Draw.normal(1, 3, 5)));
    }

    private record Choice(Tensor mask) {
        Tensor where(Tensor... x) {
            return Tensor.where(mask, x[0], x[1]);
        }
    }

    /// Every third place, not the first or the last, in the type of a tensor.
    private static Choice mask(Tensor like, int... dims) {
        return new Choice(Draw.tensor(i -> i % 3 == 1 ? 1 : 0, dims).to(like.dtype()));
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor mask = Draw.normal(seed, shape.dims()).gt(0);
        Tensor a = Draw.normal(seed + 1, shape.dims());
        Tensor b = Draw.normal(seed + 2, shape.rank() == 0 ? shape.dims() : new int[] {shape.last()});
        for (DType dtype : DType.values()) {
            Tensor y = Tensor.where(mask.to(dtype), a.to(dtype), b.to(dtype));
            for (int at = 0; at < shape.size(); at++) {
                int[] index = Places.index(shape, at);
                double expected = mask.get(index) != 0 ? a.get(index) : b.toArray()[at % b.size()];
                assertThat(y.get(index)).isEqualTo(expected);
            }
        }
        assertThat(a.where(mask, b).toArray())
                .isEqualTo(Tensor.where(mask.eq(0), b, a).toArray());
        assertThat(a.maskedFill(mask, -3).toArray())
                .isEqualTo(Tensor.where(mask, Tensor.fullLike(a, -3), a).toArray());
    }

    /// What is not chosen has no influence, neither forwards nor backwards; zeros keep their sign.
    @Test
    void nothingPassesTheMask() {
        double nan = Double.NaN;
        double inf = Double.POSITIVE_INFINITY;
        for (DType dtype : DType.values()) {
            Tensor mask = Tensor.of(new double[] {1, 0, 2, nan}, 4).to(dtype); // not 0 is true
            Tensor a = Tensor.of(new double[] {-0.0, nan, 3, 4}, 4).to(dtype).requireGrad();
            Tensor b =
                    Tensor.of(new double[] {inf, -0.0, nan, -inf}, 4).to(dtype).requireGrad();
            Tensor y = Tensor.where(mask, a, b);
            assertThat(y.toArray()).containsExactly(-0.0, -0.0, 3, 4);
            y.backward(Tensor.of(new double[] {1, 2, 3, inf}, 4).to(dtype));
            assertThat(a.grad().toArray())
                    .containsExactly(new double[] {1, 0, 3, inf}, org.assertj.core.data.Offset.offset(0.0));
            assertThat(b.grad().toArray())
                    .containsExactly(new double[] {0, 2, 0, 0}, org.assertj.core.data.Offset.offset(0.0));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(
                () -> Tensor.where(x, Tensor.ones(2), x),
                "where: shapes (2,) and (2, 3) do not broadcast"); // BAD-INPUT 7
        refused(() -> Tensor.where(Tensor.ones(4), x, x), "where: shapes");
        refused(() -> Tensor.where(x, x, x.to(DType.FLOAT64)), "where: types must be equal"); // BAD-INPUT 15
        refused(() -> Tensor.where(null, x, x), "where: a mask must be given"); // BAD-INPUT 14
        refused(() -> x.maskedFill(null, 0), "where: a mask must be given");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
