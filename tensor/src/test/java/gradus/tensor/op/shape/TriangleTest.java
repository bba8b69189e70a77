package gradus.tensor.op.shape;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TriangleTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("tril", x -> x[0].tril(), Draw.normal(1, 4, 4)),
                new Example("tril above", x -> x[0].tril(1), Draw.normal(1, 2, 3, 4)),
                new Example("triu", x -> x[0].triu(), Draw.normal(1, 3, 4)),
                new Example("triu below", x -> x[0].triu(-1), Draw.normal(1, 4, 4)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(min = -9, max = 9) int diagonal, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int row = shape.rank() - 2;
        for (DType dtype : DType.values()) {
            Tensor lower = x.to(dtype).tril(diagonal);
            Tensor upper = x.to(dtype).triu(diagonal);
            for (int at = 0; at < x.size(); at++) {
                int[] index = Places.index(shape, at);
                int place = index[row + 1] - index[row];
                assertThat(lower.get(index)).isEqualTo(place <= diagonal ? x.get(index) : 0);
                assertThat(upper.get(index)).isEqualTo(place >= diagonal ? x.get(index) : 0);
            }
        }
        assertNear(x.tril(diagonal).add(x.triu(diagonal + 1)), x, 0);
        assertNear(x.tril().transpose(-1, -2), x.transpose(-1, -2).triu(), 0);
    }

    @Test
    void whatIsCutOffHasNoInfluence() {
        Tensor x = Tensor.of(new double[][] {{1, Double.NaN}, {2, Double.POSITIVE_INFINITY}})
                .requireGrad();
        Tensor y = x.tril(-1);
        assertThat(y.toArray()).containsExactly(0, 0, 2, 0);
        y.sum().backward();
        assertThat(x.grad().abs().toArray()).containsExactly(0, 0, 1, 0);
        assertThat(x.triu(Integer.MIN_VALUE).get(1, 0)).isEqualTo(2);
        assertThat(x.tril(Integer.MIN_VALUE).toArray()).containsOnly(0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.ones(2).tril(), "tril: needs a matrix, or several; got shape (2,)"); // BAD-INPUT 6
        refused(() -> Tensor.ones(2).triu(1), "triu: needs a matrix");
        refused(() -> Triangle.lower(null, 0), "tril: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(2, 4);
    }
}
