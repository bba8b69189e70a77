package gradus.tensor.op;

import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReshapeTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("flatten", x -> x[0].reshape(-1), Draw.normal(1, 2, 3)),
                new Example("to a scalar", x -> x[0].reshape(), Draw.normal(1, 1, 1)),
                new Example("there and back", x -> x[0].reshape(3, 2).reshape(2, 3), Draw.normal(1, 2, 3)),
                new Example("used twice", x -> x[0].reshape(6).add(x[0].exp().reshape(6)), Draw.normal(1, 2, 3)),
                new Example("of a computed tensor", x -> x[0].tanh().reshape(3, 2), Draw.normal(1, 2, 3)));
    }

    @Property
    void keepsTheElementsAndTheirMemory(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor flat = x.reshape(shape.size());
        assertThat(flat.toArray()).isEqualTo(x.toArray());
        assertThat(flat.buffer()).isSameAs(x.buffer());
        assertThat(flat.reshape(shape.dims()).shape()).isEqualTo(shape);
        for (int axis = 0; axis < shape.rank(); axis++) {
            int[] open = shape.dims();
            open[axis] = -1;
            assertThat(flat.reshape(open).shape()).isEqualTo(shape);
        }
    }

    @Test
    void aReshapeOutlivesTheTensorItCameFrom() {
        Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 4);
        Tensor y = x.reshape(2, 2);
        x.close();
        x.close();
        assertThat(y.toArray()).containsExactly(1, 2, 3, 4);
        refused(x::toArray, "closed"); // BAD-INPUT 17
    }

    @Test
    void shapesOfAnotherSizeAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.reshape(4), "reshape: shape (2, 3) has 6 elements and (4,) has 4"); // BAD-INPUT 9
        refused(() -> x.reshape(), "has 6 elements and () has 1");
        refused(() -> x.reshape(-1, -1), "only one dimension may be -1; got [-1, -1]"); // BAD-INPUT 10
        refused(() -> x.reshape(-1, 4), "6 elements of shape (2, 3) do not divide into [-1, 4]");
        refused(() -> x.reshape(-2, -3), "at least 1"); // BAD-INPUT 1
        refused(() -> x.reshape(0, -1), "do not divide"); // BAD-INPUT 2
        refused(() -> x.reshape((int[]) null), "null"); // BAD-INPUT 14
        refused(() -> x.reshape(-1, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE), "[-1, 2147483647");
        refused(() -> x.reshape(-1, 1 << 31, 2, 1 << 31, 2), ""); // the product wraps to 0
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 4);
    }
}
