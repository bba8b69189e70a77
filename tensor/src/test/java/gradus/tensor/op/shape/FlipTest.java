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
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlipTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("one axis", x -> x[0].flip(1), Draw.normal(1, 3, 4)),
                new Example("two axes", x -> x[0].flip(0, -1), Draw.normal(1, 2, 3, 4)),
                new Example("none", x -> x[0].flip(), Draw.normal(1, 3)));
    }

    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 7) int which, @ForAll long seed) {
        int[] axes = IntStream.range(0, shape.rank())
                .filter(a -> (which >> a & 1) == 1)
                .toArray();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.flip(axes);
        for (int at = 0; at < x.size(); at++) {
            int[] index = Places.index(shape, at);
            double value = x.get(index);
            for (int axis : axes) {
                index[axis] = shape.dim(axis) - 1 - index[axis];
            }
            assertThat(y.get(index)).isEqualTo(value);
        }
        assertNear(y.flip(axes), x, 0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.flip(2), "axis 2 is out of range"); // BAD-INPUT 11
        refused(() -> x.flip(1, -1), "flip: axis -1 is named twice");
        refused(() -> x.flip((int[]) null), "flip: axes must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
