package gradus.tensor.op.index;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TakeAlongDimTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "picked one by one", x -> x[0].takeAlongDim(Draw.indices(3, 5, 3, 2), 1), Draw.normal(1, 3, 5)),
                new Example(
                        "one row of indices for all",
                        x -> x[0].takeAlongDim(Indices.of(4, 0, 4).reshape(1, 3), 1),
                        Draw.normal(1, 3, 5)),
                new Example(
                        "one row of elements for all",
                        x -> x[0].takeAlongDim(Draw.indices(3, 5, 3, 2), -1),
                        Draw.normal(1, 1, 5)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll @IntRange(max = 7) int thin,
            @ForAll @IntRange(min = 1, max = 6) int m,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        int[] dims = shape.dims();
        for (int a = 0; a < dims.length; a++) {
            dims[a] = a == axis ? m : (thin >> a & 1) == 1 ? 1 : dims[a];
        }
        Indices indices = Draw.indices(seed, shape.dim(axis), dims);
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.takeAlongDim(indices, axis);
        assertThat(y.shape()).isEqualTo(shape.with(axis, m));
        for (int at = 0; at < y.size(); at++) {
            int[] index = Places.index(y.shape(), at);
            double value = y.get(index);
            int[] narrow = index.clone();
            for (int a = 0; a < dims.length; a++) {
                narrow[a] = dims[a] == 1 ? 0 : narrow[a];
            }
            index[axis] = indices.get(indices.shape().position(narrow));
            assertThat(value).isEqualTo(x.get(index));
        }
    }

    /// What argmax and sort find is what max and sort give.
    @Property(tries = 200)
    void takesWhatWasFound(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.normal(seed, shape.dims());
        assertNear(
                x.takeAlongDim(x.max(axis, true).indices(), axis),
                x.max(axis, true).values(),
                0);
        assertNear(
                x.takeAlongDim(x.sort(axis, true).indices(), axis),
                x.sort(axis, true).values(),
                0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.takeAlongDim(Indices.of(0), 1), "takeAlongDim: indices must have the rank of x; got (1,)");
        refused(
                () -> x.takeAlongDim(Draw.indices(1, 1, 3, 1), 1),
                "takeAlongDim: shapes (2, 1) and (3, 1)"); // BAD-INPUT 7
        refused(() -> x.takeAlongDim(Indices.of(3, 0).reshape(2, 1), 1), "index 3 at position 0 is outside 0..2");
        refused(() -> x.takeAlongDim(Indices.of(0, -1).reshape(2, 1), 1), "index -1 at position 1");
        refused(() -> x.takeAlongDim(null, 1), "takeAlongDim: indices must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
