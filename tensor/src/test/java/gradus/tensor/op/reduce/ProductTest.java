package gradus.tensor.op.reduce;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProductTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Tensor zeros = Draw.tensor(i -> i % 5 == 2 ? 0 : 0.5 + 0.25 * (i % 4), 3, 5);
        Tensor twoZeros = Draw.tensor(i -> i % 5 == 2 || i == 1 ? 0 : 0.5 + 0.25 * (i % 4), 3, 5);
        return List.of(
                new Example("all", x -> x[0].prod(), Draw.awayFromZero(1, 2, 3)),
                new Example("rows", x -> x[0].prod(1), Draw.awayFromZero(1, 3, 7)),
                new Example("columns, kept", x -> x[0].prod(-2, true), Draw.awayFromZero(1, 3, 4)),
                new Example("a zero in each row", x -> x[0].prod(1), zeros),
                new Example("two zeros in one row", x -> x[0].prod(1), twoZeros),
                new Example("one alone", x -> x[0].prod(1), Draw.normal(1, 3, 1)));
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.awayFromZero(seed, shape.dims());
        Shape rest = shape.without(axis);
        double[] expected = new double[rest.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] =
                    DoubleStream.of(Places.line(x, axis, Places.index(rest, i))).reduce(1, (a, b) -> a * b);
        }
        assertThat(x.prod(axis).shape()).isEqualTo(rest);
        assertEachNear(x.prod(axis).toArray(), expected, ROUNDING);
        assertEachNear(x.prod(axis - shape.rank(), true).toArray(), expected, ROUNDING);
        assertEachNear(
                x.prod().toArray(), new double[] {DoubleStream.of(x.toArray()).reduce(1, (a, b) -> a * b)}, ROUNDING);
    }

    @Test
    void theGradientIsTheProductOfTheOthersAlsoAtZero() {
        Tensor x = Tensor.of(new double[] {2, 0, 3, 4, 0}, 5).requireGrad();
        x.slice(0, 0, 4).prod().backward();
        assertThat(x.grad().toArray()).containsExactly(0, 24, 0, 0, 0);
        x.zeroGrad();
        x.prod().backward();
        assertThat(x.grad().toArray()).containsOnly(0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.ones(2).prod(1), "axis 1 is out of range"); // BAD-INPUT 11
        refused(() -> Product.apply(null, 0), "prod: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
