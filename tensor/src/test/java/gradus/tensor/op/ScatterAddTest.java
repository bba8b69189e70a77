package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.op.ViewsTest.refused;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScatterAddTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Indices meeting = Indices.of(2, 0, 2, 5);
        return List.of(
                new Example("rows that meet", x -> ScatterAdd.apply(x[0], meeting, 6), Draw.normal(1, 4, 3)),
                new Example("a vector", x -> ScatterAdd.apply(x[0], meeting, 6), Draw.normal(1, 4)),
                new Example("matrices", x -> ScatterAdd.apply(x[0], meeting, 6), Draw.normal(1, 4, 2, 5)),
                new Example("one row", x -> ScatterAdd.apply(x[0], Indices.of(0), 1), Draw.normal(1, 1, 3)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll @IntRange(min = 1, max = 20) int count,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 33) int columns,
            @ForAll long seed) {
        Indices indices = Draw.indices(seed, rows, count);
        Tensor x = Draw.normal(seed, count, columns);
        double[] values = x.toArray();
        double[] expected = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            expected[indices.get(i / columns) * columns + i % columns] += values[i];
        }
        // Up to 20 terms may cancel; each addition rounds by 6e-8 (float32) of what is added up so far.
        double terms = count * largest(values);
        assertNear(ScatterAdd.apply(x, indices, rows).toArray(), expected, ROUNDING, terms);
        Tensor narrow = ScatterAdd.apply(x.to(DType.FLOAT32), indices, rows);
        assertNear(narrow.toArray(), expected, 20 * 6e-8, terms);
    }

    /// `⟨scatter(x), y⟩ = ⟨x, indexSelect(y)⟩`: each is the transpose of the other. And nothing is lost on the
    /// way.
    @Property(tries = 200)
    void isTheTransposeOfGather(
            @ForAll @IntRange(min = 1, max = 20) int count,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll long seed) {
        Indices indices = Draw.indices(seed, rows, count);
        Tensor x = Draw.positive(seed, count, 3);
        Tensor y = Draw.positive(seed + 1, rows, 3);
        Tensor sent = ScatterAdd.apply(x, indices, rows);
        // Positive terms: nothing cancels.
        assertNear(sent.mul(y).sum(), x.mul(y.indexSelect(0, indices)).sum(), ROUNDING);
        assertNear(sent.sum(), x.sum(), ROUNDING);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> ScatterAdd.apply(x, Indices.of(0), 4), "x must be (m, ...) and indices (m,)"); // BAD-INPUT 6
        refused(() -> ScatterAdd.apply(x, Indices.of(0, 4), 4), "scatterAdd: index 4 at position 1 is outside 0..3");
        refused(() -> ScatterAdd.apply(x, Indices.of(0, -1), 4), "index -1");
        refused(() -> ScatterAdd.apply(x, Indices.of(0, 0), 0), "at least 1 row");
        refused(() -> ScatterAdd.apply(null, Indices.of(0), 4), "null"); // BAD-INPUT 14
        refused(() -> ScatterAdd.apply(x, null, 4), "null");
        refused(() -> ScatterAdd.apply(Tensor.scalar(1), Indices.of(0), 4), "scatterAdd");
    }
}
