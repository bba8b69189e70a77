package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ViewsTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("transpose", x -> x[0].transpose(0, 1), Draw.normal(1, 3, 5)),
                new Example("transpose of 4 axes", x -> x[0].transpose(1, -1), Draw.normal(1, 2, 3, 2, 4)),
                new Example("permute", x -> x[0].permute(2, 0, 1), Draw.normal(1, 2, 3, 4)),
                new Example("permute of a scalar", x -> x[0].permute(), Draw.normal(1)),
                new Example("slice", x -> x[0].slice(1, 1, 3), Draw.normal(1, 2, 4, 3)),
                new Example("slice of all", x -> x[0].slice(0, 0, 3), Draw.normal(1, 3, 2)),
                new Example("select", x -> x[0].select(-1, 2), Draw.normal(1, 2, 4)),
                new Example("two slices", x -> x[0].slice(0, 0, 2).add(x[0].slice(0, 1, 3)), Draw.normal(1, 3, 5)),
                new Example("broadcastTo", x -> x[0].broadcastTo(2, 3, 4), Draw.normal(1, 3, 1)),
                new Example("broadcastTo of a scalar", x -> x[0].broadcastTo(2, 3), Draw.normal(1)));
    }

    /// Element (i₀, i₁, …) of a permutation is the element whose index `axes[a]` is iₐ.
    @Property
    void permuteMovesEveryElementWhereItBelongs(@ForAll("shapes") Shape shape, @ForAll long seed) {
        int[] axes = new java.util.Random(seed)
                .ints(0, shape.rank())
                .distinct()
                .limit(shape.rank())
                .toArray();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.permute(axes);
        for (int at = 0; at < shape.size(); at++) {
            int[] to = index(y.shape(), at);
            int[] from = new int[to.length];
            for (int a = 0; a < to.length; a++) {
                from[axes[a]] = to[a];
            }
            assertThat(y.get(to)).isEqualTo(x.get(from));
        }
        int[] inverse = IntStream.range(0, axes.length)
                .map(a -> IntStream.range(0, axes.length)
                        .filter(b -> axes[b] == a)
                        .findFirst()
                        .orElseThrow())
                .toArray();
        assertNear(y.permute(inverse), x, 0);
    }

    @Property
    void sliceCutsOutAndSelectDropsTheAxis(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 100) int wish, @ForAll long seed) {
        int axis = wish % shape.rank();
        int from = (wish / 2) % shape.dim(axis);
        int to = from + 1 + wish % (shape.dim(axis) - from);
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.slice(axis, from, to);
        assertThat(y.shape()).isEqualTo(shape.with(axis, to - from));
        for (int at = 0; at < y.size(); at++) {
            int[] index = index(y.shape(), at);
            double value = y.get(index);
            index[axis] += from;
            assertThat(value).isEqualTo(x.get(index));
        }
        assertThat(x.select(axis, from).toArray())
                .isEqualTo(x.slice(axis, from, from + 1).toArray());
        assertThat(x.select(axis, from).shape()).isEqualTo(shape.without(axis));
        assertThat(x.select(axis, from - shape.dim(axis)).toArray())
                .isEqualTo(x.select(axis, from).toArray());
        int end = to == shape.dim(axis) ? to : to - shape.dim(axis);
        assertThat(x.slice(axis - shape.rank(), from - shape.dim(axis), end).toArray())
                .isEqualTo(y.toArray());
    }

    @Property
    void broadcastToRepeats(@ForAll("shapes") Shape shape, @ForAll @IntRange(min = 1, max = 3) int n) {
        Tensor x = Draw.normal(n, shape.dims());
        Shape target = shape.insert(0, n);
        Tensor y = x.broadcastTo(target.dims());
        for (int i = 0; i < n; i++) {
            assertThat(y.select(0, i).toArray()).isEqualTo(x.toArray());
        }
        assertNear(y, Draw.tensor(i -> 0, target.dims()).add(x), 0);
    }

    @Test
    void badArgumentsAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.slice(1, -4, 2), "slice: -4..2 is not a range within axis 1 of shape (2, 3)"); // BAD-INPUT 12
        refused(() -> x.slice(1, 0, 4), "slice: 0..4");
        refused(() -> x.slice(1, 2, 2), "slice: 2..2");
        refused(() -> x.slice(1, -1, 2), "slice: -1..2");
        refused(() -> x.slice(1, 2, 1), "slice: 2..1");
        refused(() -> x.select(0, 2), "select: index 2 is outside -2..1 of axis 0 of shape (2, 3)");
        refused(() -> x.select(0, -3), "select: index -3");
        refused(() -> x.transpose(0, 2), "axis 2 is out of range for shape (2, 3)"); // BAD-INPUT 11
        refused(() -> x.permute(0), "permute: shape (2, 3) needs 2 axes; got 1"); // BAD-INPUT 6
        refused(() -> x.permute(0, 0), "permute: axis 0 is named twice");
        refused(() -> x.permute((int[]) null), "null"); // BAD-INPUT 14
        refused(() -> x.broadcastTo(3), "broadcastTo: shape (2, 3) does not stretch to (3,)"); // BAD-INPUT 7
        refused(() -> x.broadcastTo(4, 2, 2), "broadcastTo");
        refused(() -> x.broadcastTo((int[]) null), "null");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }

    static int[] index(Shape shape, int at) {
        int[] index = new int[shape.rank()];
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = at % shape.dim(axis);
            at /= shape.dim(axis);
        }
        return index;
    }

    static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
        var thrown = assertThatThrownBy(call).isInstanceOf(ShapeException.class);
        for (String word : words) {
            thrown.hasMessageContaining(word);
        }
    }
}
