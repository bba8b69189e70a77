package gradus.tensor.op.reduce;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CumulativeSumTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a vector", x -> x[0].cumsum(0), Draw.normal(1, 7)),
                new Example("rows", x -> x[0].cumsum(-1), Draw.normal(1, 3, 8)),
                new Example("the middle", x -> x[0].cumsum(1), Draw.normal(1, 2, 5, 3)),
                new Example("one alone", x -> x[0].cumsum(0), Draw.normal(1, 1, 3)));
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.cumsum(axis);
        assertThat(y.shape()).isEqualTo(shape);
        Shape rest = shape.without(axis);
        for (int i = 0; i < rest.size(); i++) {
            double[] line = Places.line(x, axis, Places.index(rest, i));
            double terms = DoubleStream.of(line).map(Math::abs).sum();
            Arrays.parallelPrefix(line, Double::sum);
            assertNear(Places.line(y, axis, Places.index(rest, i)), line, ROUNDING, terms);
        }
        assertNear(
                y.slice(axis, -1).toArray(),
                x.sum(axis, true).toArray(),
                ROUNDING,
                x.abs().sum().item());
    }

    @Test
    void nothingThatComesLaterHasInfluence() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor x = Tensor.of(new double[] {1, 2, inf, 3, -inf, 4}, 6);
        assertThat(x.cumsum(0).toArray()).containsExactly(1, 3, inf, inf, Double.NaN, Double.NaN);
        Tensor one = Tensor.ones(1);
        one.cumsum(0).set(5); // a copy also where there is nothing to add
        assertThat(one.item()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.scalar(1).cumsum(0), "axis 0 is out of range for shape ()"); // BAD-INPUT 11
        refused(() -> CumulativeSum.apply(null, 0), "cumsum: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
