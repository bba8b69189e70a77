package gradus.tensor.op.shape;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RepeatTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a row", x -> x[0].repeat(3), Draw.normal(1, 4)),
                new Example("both axes", x -> x[0].repeat(2, 3), Draw.normal(1, 2, 3)),
                new Example("a new axis", x -> x[0].repeat(2, 1, 2), Draw.normal(1, 2, 3)),
                new Example("a scalar", x -> x[0].repeat(3), Draw.normal(1)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(min = 1, max = 3) int first,
            @ForAll @IntRange(min = 1, max = 3) int last,
            @ForAll boolean extra,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int[] times = new int[shape.rank() + (extra ? 1 : 0)];
        Arrays.fill(times, 1);
        if (times.length > 0) {
            times[times.length - 1] = last;
            times[0] = first;
        }
        Tensor y = x.repeat(times);
        int added = times.length - shape.rank();
        for (int at = 0; at < y.size(); at++) {
            int[] index = Places.index(y.shape(), at);
            int[] from = new int[shape.rank()];
            for (int axis = 0; axis < from.length; axis++) {
                from[axis] = index[axis + added] % shape.dim(axis);
            }
            assertThat(y.get(index)).isEqualTo(x.get(from));
        }
        for (int axis = 0; axis < times.length; axis++) {
            assertThat(y.dim(axis)).isEqualTo(times[axis] * (axis < added ? 1 : shape.dim(axis - added)));
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.repeat(2), "repeat: shape (2, 3) needs at least 2 numbers; got [2]");
        refused(() -> x.repeat(2, 0), "repeat: numbers must be at least 1; got [2, 0]");
        refused(() -> x.repeat(1 << 30, 1 << 30), "repeat: axis 0 would have 2147483648 places");
        refused(() -> x.repeat((int[]) null), "repeat: times must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
