package gradus.tensor.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void dimensionsBelow1AreRefused() { // BAD-INPUT 1, 2
        refused("at least 1; got [-1]", -1);
        refused("at least 1; got [2, -3]", 2, -3);
        refused("at least 1; got [0]", 0);
        refused("at least 1; got [4, 0, 2]", 4, 0, 2);
        refused("at least 1", Integer.MIN_VALUE);
    }

    @Test
    void moreElementsThanAnArrayHoldsAreRefused() { // BAD-INPUT 3, 4, 5
        refused("2,147,483,648", 1 << 16, 1 << 15);
        refused("at most 2,147,483,639 elements", Integer.MAX_VALUE);
        refused("over 2^63", 1 << 30, 1 << 30, 1 << 30);
        refused("over 2^63", Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 2);
        refused("over 2^63", 1 << 16, 1 << 16, 1 << 16, 1 << 16); // 2⁶⁴ wraps to 0
        // The largest shape has 2³¹ - 9 elements of 8 bytes, which a long counts.
        assertThat(Shape.of(Integer.MAX_VALUE - 8).size() * 8L).isPositive();
    }

    @Test
    void nullIsRefused() { // BAD-INPUT 14
        assertThatThrownBy(() -> Shape.of((int[]) null))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("null");
    }

    @Test
    void aScalarHasRank0AndOneElement() { // BAD-INPUT 20
        assertThat(Shape.of().rank()).isZero();
        assertThat(Shape.of().size()).isEqualTo(1);
        assertThat(Shape.of().last()).isEqualTo(1);
        assertThat(Shape.of()).hasToString("()");
    }

    @Test
    void printsAsPythonPrintsATuple() {
        assertThat(Shape.of(4)).hasToString("(4,)");
        assertThat(Shape.of(2, 3)).hasToString("(2, 3)");
    }

    @Test
    void axesOutOfRangeAreRefused() { // BAD-INPUT 11
        for (int axis : new int[] {2, -3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Shape.of(2, 3).dim(axis))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("axis " + axis)
                    .hasMessageContaining("(2, 3)");
        }
    }

    @Property
    void negativeAxesCountFromTheEnd(@ForAll("shapes") Shape shape) {
        for (int axis = 0; axis < shape.rank(); axis++) {
            assertThat(shape.dim(axis - shape.rank())).isEqualTo(shape.dim(axis));
            assertThat(shape.without(axis).insert(axis, shape.dim(axis))).isEqualTo(shape);
            assertThat(shape.with(axis, 9).dim(axis)).isEqualTo(9);
        }
        assertThat(shape.product(0, shape.rank())).isEqualTo(shape.size());
    }

    @Property
    void broadcastingIsSymmetricAndKeepsTheLarger(@ForAll("shapes") Shape shape) {
        assertThat(Shape.broadcast("test", shape, Shape.of())).isEqualTo(shape);
        assertThat(Shape.broadcast("test", Shape.of(1), shape)).isEqualTo(shape.rank() == 0 ? Shape.of(1) : shape);
        Shape more = shape.insert(0, 3);
        assertThat(Shape.broadcast("test", more, shape)).isEqualTo(more);
        assertThat(Shape.broadcast("test", shape, more)).isEqualTo(more);
    }

    @Test
    void aShapeCannotBeChangedThroughItsDimensions() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 9;
        shape.dims()[1] = 9;
        assertThat(shape).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 4);
    }

    private static void refused(String words, int... dims) {
        assertThatThrownBy(() -> Shape.of(dims))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining(words);
    }
}
