package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConcatTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("axis 0", x -> Tensor.concat(0, x), Draw.normal(1, 2, 3), Draw.normal(2, 1, 3)),
                new Example(
                        "three on the last axis",
                        x -> Tensor.concat(-1, x),
                        Draw.normal(1, 2, 3),
                        Draw.normal(2, 2, 1),
                        Draw.normal(3, 2, 2)),
                new Example(
                        "the middle axis", x -> Tensor.concat(1, x), Draw.normal(1, 2, 3, 2), Draw.normal(2, 2, 2, 2)),
                new Example("one with itself", x -> Tensor.concat(1, x[0], x[0]), Draw.normal(1, 2, 3)),
                new Example("one alone", x -> Tensor.concat(0, x[0]), Draw.normal(1, 4)));
    }

    /// What slice cuts apart concat joins again, and the other way round.
    @Property
    void isTheInverseOfSlice(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 20) int wish,
            @ForAll @IntRange(min = 1, max = 5) int extra) {
        int axis = wish % shape.rank();
        Tensor a = Draw.normal(wish, shape.dims());
        Tensor b = Draw.normal(wish + 1, shape.with(axis, extra).dims());
        Tensor both = Tensor.concat(axis, a, b);
        int n = shape.dim(axis);
        assertThat(both.shape()).isEqualTo(shape.with(axis, n + extra));
        assertNear(both.slice(axis, 0, n), a, 0);
        assertNear(both.slice(axis, n, n + extra), b, 0);
        for (int at = 0; at < both.size(); at++) {
            int[] index = ViewsTest.index(both.shape(), at);
            double value = both.get(index);
            boolean first = index[axis] < n;
            index[axis] -= first ? 0 : n;
            assertThat(value).isEqualTo(first ? a.get(index) : b.get(index));
        }
    }

    @Test
    void tensorsThatDoNotFitAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> Tensor.concat(0, x, Tensor.ones(2, 4)), "concat", "(2, 3) and (2, 4)"); // BAD-INPUT 13
        refused(() -> Tensor.concat(0, x, Tensor.ones(3)), "(2, 3) and (3,)");
        refused(() -> Tensor.concat(2, x), "axis 2"); // BAD-INPUT 11
        refused(() -> Tensor.concat(0), "at least one");
        refused(() -> Tensor.concat(0, (Tensor[]) null), "at least one"); // BAD-INPUT 14
        refused(() -> Tensor.concat(0, null, x), "null");
        refused(() -> Tensor.concat(0, x, null), "null");
        refused(() -> Tensor.concat(0, x, x.to(DType.FLOAT64)), "FLOAT32 and FLOAT64"); // BAD-INPUT 15
        refused(() -> Tensor.concat(0, Tensor.scalar(1)), "axis 0");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }
}
