package gradus.tensor.op.order;

import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.ValuesAndIndices;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SortTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("rows", x -> x[0].sort(-1, false).values(), Draw.distinct(1, 3, 5)),
                new Example("columns, falling", x -> x[0].sort(0, true).values(), Draw.distinct(1, 4, 3)),
                new Example("topk", x -> x[0].topk(3).values(), Draw.distinct(1, 3, 5)),
                new Example(
                        "the smallest of the middle",
                        x -> x[0].topk(2, 1, false).values(),
                        Draw.distinct(1, 2, 4, 3)));
    }

    private static final double[] NUMBERS = {-1, 0, -0.0, 1, 2, 3, Double.NaN, Double.NEGATIVE_INFINITY};

    /// The order of each line, by an insertion sort that never passes an equal one.
    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll boolean descending,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        int[] which = Draw.indices(seed, NUMBERS.length, shape.dims()).values();
        Tensor x = Draw.tensor(i -> NUMBERS[which[i]], shape.dims());
        ValuesAndIndices sorted = x.sort(axis, descending);
        int k = 1 + wish % shape.dim(axis);
        ValuesAndIndices top = x.to(DType.FLOAT32).topk(k, axis - shape.rank(), descending);
        assertThat(top.values().shape()).isEqualTo(shape.with(axis, k));
        assertThat(sorted.indices().shape()).isEqualTo(shape);
        Shape rest = shape.without(axis);
        for (int i = 0; i < rest.size(); i++) {
            double[] line = Places.line(x, axis, Places.index(rest, i));
            List<Integer> order = new ArrayList<>();
            for (int j = 0; j < line.length; j++) {
                int to = order.size();
                while (to > 0 && before(line[j], line[order.get(to - 1)], descending)) {
                    to--;
                }
                order.add(to, j);
            }
            int[] place = Places.index(rest, i);
            for (int j = 0; j < line.length; j++) {
                int[] index = insert(place, axis, j);
                assertThat(sorted.indices().get(shape.position(index))).isEqualTo(order.get(j));
                assertSame(sorted.values().get(index), line[order.get(j)]);
                if (j < k) {
                    assertSame(top.values().get(index), line[order.get(j)]);
                    assertThat(top.indices().get(top.indices().shape().position(index)))
                            .isEqualTo(order.get(j));
                }
            }
        }
    }

    private static void assertSame(double actual, double expected) {
        assertThat(actual == expected || Double.isNaN(actual) && Double.isNaN(expected))
                .isTrue();
    }

    private static boolean before(double a, double b, boolean descending) {
        double left = Double.isNaN(a) ? 1e300 : a; // larger than every number here
        double right = Double.isNaN(b) ? 1e300 : b;
        return descending ? left > right : left < right;
    }

    private static int[] insert(int[] others, int axis, int at) {
        int[] index = new int[others.length + 1];
        for (int a = 0, b = 0; a < index.length; a++) {
            index[a] = a == axis ? at : others[b++];
        }
        return index;
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.topk(4), "topk: k must be in 1..3 for axis -1 of shape (2, 3); got 4");
        refused(() -> x.topk(0, 0, true), "topk: k must be in 1..2 for axis 0");
        refused(() -> x.sort(2, true), "axis 2 is out of range"); // BAD-INPUT 11
        refused(() -> Tensor.scalar(1).sort(0, true), "axis 0 is out of range");
        refused(() -> Sort.apply(null, 0, true), "sort: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
