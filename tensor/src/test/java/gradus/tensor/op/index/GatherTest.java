package gradus.tensor.op.index;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GatherTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Indices square = Indices.of(Shape.of(2, 2), new int[] {2, 2, 0, 1});
        return List.of(
                new Example("columns", x -> x[0].gather(1, square), Draw.normal(1, 2, 3)),
                new Example("rows", x -> x[0].gather(0, square), Draw.normal(1, 3, 3)),
                new Example("a vector", x -> x[0].gather(0, Indices.of(3, 0, 3, 3)), Draw.normal(1, 4)),
                new Example(
                        "the middle axis, more than there are",
                        x -> x[0].gather(1, Indices.of(Shape.of(1, 3, 2), new int[] {1, 0, 0, 1, 1, 1})),
                        Draw.normal(1, 2, 2, 3)));
    }

    @Property(tries = 200)
    void picksAsALoopDoes(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 5) int columns,
            @ForAll @IntRange(min = 1, max = 4) int depth,
            @ForAll @IntRange(min = 1, max = 7) int count,
            @ForAll @IntRange(max = 2) int axis,
            @ForAll long seed) {
        int[] dims = {rows, columns, depth};
        Tensor x = Draw.normal(seed, dims).requireGrad();
        int[] wanted = dims.clone();
        wanted[axis] = count;
        for (int a = 0; a < 3; a++) {
            wanted[a] = a == axis ? count : 1 + (int) Math.floorMod(seed + a, dims[a]);
        }
        Indices index = Draw.indices(seed, dims[axis], wanted);
        Tensor y = x.gather(axis, index);
        Tensor u = Draw.normal(seed + 1, wanted);
        y.backward(u);
        double[] gradient = new double[x.size()];
        for (int i = 0; i < wanted[0]; i++) {
            for (int j = 0; j < wanted[1]; j++) {
                for (int k = 0; k < wanted[2]; k++) {
                    int[] at = {i, j, k};
                    at[axis] = index.get((i * wanted[1] + j) * wanted[2] + k);
                    assertThat(y.get(i, j, k)).isEqualTo(x.get(at));
                    gradient[(at[0] * columns + at[1]) * depth + at[2]] += u.get(i, j, k);
                }
            }
        }
        // At most 7 upstream gradients meet in a place, where they may cancel.
        assertNear(x.grad().toArray(), gradient, ROUNDING, count * largest(u.toArray()));
    }

    /// The cross-entropy of a batch is the mean of what is picked.
    @Test
    void picksTheLogProbabilityOfEachTarget() {
        Tensor logits = Draw.normal(3, 4, 6);
        int[] targets = {5, 0, 2, 2};
        Tensor picked = logits.logSoftmax().gather(1, Indices.of(Shape.of(4, 1), targets));
        assertNear(picked.mean().neg(), logits.crossEntropy(Indices.of(targets)), ROUNDING);
    }

    @Test
    void whatIsNotThereIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(
                () -> x.gather(1, Indices.of(Shape.of(1, 1), new int[] {3})),
                "gather: index 3 at position 0 is outside 0..2");
        refused(() -> x.gather(1, Indices.of(0)), "rank of x", "(1,)", "(2, 3)");
        refused(() -> x.gather(1, Indices.of(Shape.of(3, 1), new int[3])), "no larger", "(3, 1)");
        refused(() -> x.gather(2, Indices.of(Shape.of(1, 1), new int[1])), "axis 2");
        refused(() -> x.gather(0, null), "null");
    }
}
