package gradus.tensor.op.shape;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RollTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("on", x -> x[0].roll(2, 1), Draw.normal(1, 3, 5)),
                new Example("back", x -> x[0].roll(-1, 0), Draw.normal(1, 3, 5)),
                new Example("round", x -> x[0].roll(10, -1), Draw.normal(1, 3, 5)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll @IntRange(min = -100, max = 100) int shift,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.roll(shift, axis);
        for (int at = 0; at < x.size(); at++) {
            int[] index = Places.index(shape, at);
            double value = x.get(index);
            index[axis] = Math.floorMod(index[axis] + shift, shape.dim(axis));
            assertThat(y.get(index)).isEqualTo(value);
        }
        assertNear(y.roll(-shift, axis), x, 0);
        assertNear(
                x.roll(Integer.MIN_VALUE, axis).roll(Integer.MIN_VALUE + shape.dim(axis), axis),
                x.roll(Math.floorMod(2 * (long) Integer.MIN_VALUE, shape.dim(axis)), axis),
                0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.ones(2).roll(1, 1), "axis 1 is out of range"); // BAD-INPUT 11
        refused(() -> Roll.apply(null, 1, 1), "roll: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
