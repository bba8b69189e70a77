package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IndexSelectTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Indices repeated = Indices.of(2, 0, 2, 1, 2);
        return List.of(
                new Example("rows", x -> x[0].indexSelect(0, repeated), Draw.normal(1, 3, 4)),
                new Example("columns", x -> x[0].indexSelect(1, repeated), Draw.normal(1, 2, 3)),
                new Example("the middle axis", x -> x[0].indexSelect(1, repeated), Draw.normal(1, 2, 4, 3)),
                new Example("a vector", x -> x[0].indexSelect(0, repeated), Draw.normal(1, 3)),
                new Example("one place of one", x -> x[0].indexSelect(0, Indices.of(0)), Draw.normal(1, 1)),
                new Example(
                        "embedding",
                        x -> x[0].embedding(Indices.of(Shape.of(2, 3), new int[] {0, 4, 4, 1, 0, 4})),
                        Draw.normal(1, 5, 3)));
    }

    @Property
    void picksAndScattersAsALoopDoes(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 20) int wish,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        Indices indices = Draw.indices(seed, shape.dim(axis), count);
        Tensor x = Draw.normal(seed, shape.dims()).requireGrad();
        Tensor y = x.indexSelect(axis, indices);
        Tensor u = Draw.normal(seed + 1, y.shape().dims());
        y.backward(u);
        double[] gradient = new double[x.size()];
        for (int at = 0; at < y.size(); at++) {
            int[] index = ViewsTest.index(y.shape(), at);
            double value = y.get(index);
            double upstream = u.get(index);
            index[axis] = indices.get(index[axis]);
            assertThat(value).isEqualTo(x.get(index));
            gradient[place(shape, index)] += upstream;
        }
        // At most 40 upstream gradients meet in a place, where they may cancel.
        assertNear(x.grad().toArray(), gradient, ROUNDING, count * largest(u.toArray()));
    }

    @Property
    void anEmbeddingIsAProductWithOneHotRows(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 9) int columns,
            @ForAll long seed) {
        Tensor table = Draw.normal(seed, rows, columns);
        Indices ids = Draw.indices(seed, rows, 2, 3);
        Tensor oneHot = Draw.tensor(i -> ids.get(i / rows) == i % rows ? 1 : 0, 2, 3, rows);
        assertNear(table.embedding(ids), oneHot.matmul(table), 0);
        Indices all = Indices.of(IntStream.range(0, rows).toArray());
        assertNear(table.indexSelect(0, all), table, 0);
    }

    @Test
    void placesThatAreNotThereAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.indexSelect(1, Indices.of(0, 3)), "indexSelect: index 3 at position 1 is outside 0..2");
        refused(() -> x.indexSelect(0, Indices.of(-1)), "indexSelect: index -1 at position 0 is outside 0..1");
        refused(() -> x.indexSelect(2, Indices.of(0)), "axis 2"); // BAD-INPUT 11
        refused(() -> x.indexSelect(0, null), "null"); // BAD-INPUT 14
        refused(
                () -> x.indexSelect(0, Indices.of(Shape.of(1, 1), new int[1])),
                "must be (n,); got (1, 1)"); // BAD-INPUT 6
        refused(() -> x.embedding(Indices.of(2)), "embedding: index 2 at position 0 is outside 0..1");
        refused(() -> x.embedding(null), "null");
        refused(() -> Tensor.ones(3).embedding(Indices.of(0)), "must be (V, C); got (3,)");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }

    private static int place(Shape shape, int[] index) {
        int at = 0;
        for (int axis = 0; axis < index.length; axis++) {
            at = at * shape.dim(axis) + index[axis];
        }
        return at;
    }
}
