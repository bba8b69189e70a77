package gradus.tensor.op.index;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScatterTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Indices meeting = Indices.of(2, 0, 2);
        Indices each = Indices.of(1, 1, 0, 3, 2, 1).reshape(2, 3);
        return List.of(
                new Example(
                        "rows that meet",
                        x -> x[0].indexAdd(0, meeting, x[1]),
                        Draw.normal(1, 4, 2),
                        Draw.normal(2, 3, 2)),
                new Example(
                        "columns that meet",
                        x -> x[0].indexAdd(-1, meeting, x[1]),
                        Draw.normal(1, 2, 4),
                        Draw.normal(2, 2, 3)),
                new Example(
                        "one by one", x -> x[0].scatterAdd(1, each, x[1]), Draw.normal(1, 2, 4), Draw.normal(2, 2, 3)),
                new Example(
                        "one by one along the first",
                        x -> x[0].scatterAdd(0, each, x[1]),
                        Draw.normal(1, 4, 3),
                        Draw.normal(2, 2, 3)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll @IntRange(min = 1, max = 6) int m,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor source = Draw.normal(seed + 1, shape.with(axis, m).dims());
        Indices rows = Draw.indices(seed, shape.dim(axis), m);
        Indices each = Draw.indices(seed, shape.dim(axis), source.shape().dims());
        double[] byRow = x.toArray();
        double[] byOne = x.toArray();
        for (int at = 0; at < source.size(); at++) {
            int[] index = Places.index(source.shape(), at);
            double value = source.get(index);
            int place = index[axis];
            index[axis] = rows.get(place);
            byRow[shape.position(index)] += value;
            index[axis] = each.get(at);
            byOne[shape.position(index)] += value;
        }
        double terms = source.abs().sum().item() + x.abs().sum().item();
        assertNear(x.indexAdd(axis, rows, source).toArray(), byRow, ROUNDING, terms);
        assertNear(x.scatterAdd(axis, each, source).toArray(), byOne, ROUNDING, terms);
        // ⟨scatter(s), x⟩ = ⟨s, gather(x)⟩: each is the transpose of the other
        Tensor sent = Tensor.zerosLike(x).scatterAdd(axis, each, source);
        if (m <= shape.dim(axis)) {
            double all = x.abs().sum().item() * source.abs().sum().item();
            assertNear(
                    sent.mul(x).sum().toArray(),
                    source.mul(x.gather(axis, each)).sum().toArray(),
                    ROUNDING,
                    all);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        Tensor s = Tensor.ones(2, 2);
        refused(() -> x.indexAdd(0, Indices.of(0, 1), s), "indexAdd: the source must have shape (2, 3); got (2, 2)");
        refused(() -> x.indexAdd(1, Indices.of(0, 3), s), "index 3 at position 1 is outside 0..2");
        refused(() -> x.indexAdd(1, Draw.indices(1, 1, 1, 2), s), "indexAdd: indices must be (m,)"); // BAD-INPUT 6
        refused(() -> x.indexAdd(1, null, s), "indexAdd: indices must be given"); // BAD-INPUT 14
        refused(() -> x.scatterAdd(1, null, s), "scatterAdd: indices must be given");
        refused(() -> x.scatterAdd(1, Indices.of(0, 1), s), "scatterAdd: indices and source must have one shape");
        refused(() -> x.scatterAdd(1, Draw.indices(1, 2, 3, 2), Tensor.ones(3, 2)), "scatterAdd: indices must have");
        refused(() -> x.scatterAdd(1, Indices.of(0, 3, 1, 1).reshape(2, 2), s), "scatterAdd: index 3 at position 1");
        refused(
                () -> x.scatterAdd(1, Draw.indices(1, 2, 2, 2), s.to(DType.FLOAT64)),
                "types must be equal"); // BAD-INPUT 15
        refused(() -> x.scatterAdd(1, Draw.indices(1, 2, 2, 2), null), "scatterAdd: a tensor must be given");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
