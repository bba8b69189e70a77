package gradus.tensor.op.shape;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PadTest extends OpTest {
    @Override
    protected List<Example> examples() {
        // The last element comes from the input, as a dropped one would not be missed otherwise.
        return List.of(
                new Example("before", x -> x[0].pad(new int[] {2, 0}, 0), Draw.normal(1, 3, 4)),
                new Example("behind", x -> x[0].pad(new int[] {0, 2}, 0).flip(1), Draw.normal(1, 3, 4)),
                new Example(
                        "two axes",
                        x -> x[0].pad(new int[] {1, 2, 2, 1}, -1)
                                .flip(0, 1)
                                .slice(0, 0, 4)
                                .slice(1, 0, 6),
                        Draw.normal(1, 3, 4)),
                new Example("none", x -> x[0].pad(new int[] {0, 0}, 5), Draw.normal(1, 3)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 3) int left,
            @ForAll @IntRange(max = 3) int right,
            @ForAll @IntRange(max = 3) int above,
            @ForAll @DoubleRange(min = -3, max = 3) double value,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int[] amounts = shape.rank() == 1 ? new int[] {left, right} : new int[] {left, right, above, 1};
        Tensor y = x.pad(amounts, value);
        int last = shape.rank() - 1;
        assertThat(y.dim(last)).isEqualTo(left + shape.dim(last) + right);
        for (int at = 0; at < y.size(); at++) {
            int[] index = Places.index(y.shape(), at);
            double got = y.get(index);
            index[last] -= left;
            if (last > 0) {
                index[last - 1] -= above;
            }
            boolean inside = IntStream.rangeClosed(0, last).allMatch(a -> index[a] >= 0 && index[a] < shape.dim(a));
            assertThat(got).isEqualTo(inside ? x.get(index) : value);
        }
        assertThat(x.to(DType.FLOAT32).pad(amounts, 0).dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.pad(new int[] {1}, 0), "pad: amounts must be two for each of at most 2 axes of shape (2, 3)");
        refused(() -> x.pad(new int[6], 0), "at most 2 axes");
        refused(() -> x.pad(new int[] {-1, 0}, 0), "pad: amounts must be at least 0; got [-1, 0]; slice cuts off");
        refused(() -> x.pad(null, 0), "pad: amounts must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
