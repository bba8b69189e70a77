package gradus.tensor.op.product;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AddLowRankTest extends OpTest {
    private static final double SCALE = 0.7;

    /// On a copy, since y is written over.
    private static Tensor added(Tensor y, Tensor x, Tensor a, Tensor b) {
        return AddLowRank.apply(y.mul(1), x, a, b, SCALE);
    }

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "rows of several sequences",
                        t -> added(t[0], t[1], t[2], t[3]),
                        Draw.normal(1, 2, 3, 5),
                        Draw.normal(2, 2, 3, 4),
                        Draw.normal(3, 2, 4),
                        Draw.normal(4, 5, 2)),
                new Example(
                        "rank 1 of a vector",
                        t -> added(t[0], t[1], t[2], t[3]),
                        Draw.normal(1, 3),
                        Draw.normal(2, 4),
                        Draw.normal(3, 1, 4),
                        Draw.normal(4, 3, 1)),
                new Example(
                        "over a linear layer of the same x",
                        t -> AddLowRank.apply(t[0].linear(t[1], null), t[0], t[2], t[3], SCALE),
                        Draw.normal(1, 3, 4),
                        Draw.normal(2, 5, 4),
                        Draw.normal(3, 2, 4),
                        Draw.normal(4, 5, 2)));
    }

    @Property(tries = 200)
    void isTheLoopAndItsPlainForm(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 17) int in,
            @ForAll @IntRange(min = 1, max = 17) int out,
            @ForAll @IntRange(min = 1, max = 5) int rank,
            @ForAll long seed) {
        Tensor y = Draw.normal(seed, rows, out);
        Tensor x = Draw.normal(seed + 1, rows, in);
        Tensor a = Draw.normal(seed + 2, rank, in);
        Tensor b = Draw.normal(seed + 3, out, rank);
        double[] expected = y.toArray();
        double[] terms = new double[rows * out];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < out; j++) {
                terms[i * out + j] = Math.abs(expected[i * out + j]);
                for (int k = 0; k < rank; k++) {
                    for (int l = 0; l < in; l++) {
                        double term = SCALE * x.get(i, l) * a.get(k, l) * b.get(j, k);
                        expected[i * out + j] += term;
                        terms[i * out + j] += Math.abs(term);
                    }
                }
            }
        }
        // A term is rounded in its three products, and in at most 17 + 5 + 1 sums.
        double size = largest(terms);
        assertNear(AddLowRank.plain(y, x, a, b, SCALE).toArray(), expected, 52 * 0x1p-53, size);
        assertNear(added(y, x, a, b).toArray(), expected, 52 * 0x1p-53, size);
        Tensor narrow = added(y.to(DType.FLOAT32), x.to(DType.FLOAT32), a.to(DType.FLOAT32), b.to(DType.FLOAT32));
        assertNear(narrow.toArray(), expected, 30 * 0x1p-24, size); // four more of the inputs
    }

    @Test
    void theResultStandsInTheMemoryOfY() {
        Tensor y = Draw.normal(1, 2, 3).mul(1);
        Tensor sum = AddLowRank.apply(y, Draw.normal(2, 2, 4), Draw.normal(3, 1, 4), Draw.normal(4, 3, 1), SCALE);
        assertThat(sum.buffer()).isSameAs(y.buffer());
    }

    /// No matrix of the size of the result, forwards or backwards.
    @Test
    void takesOnlyThinMatrices() {
        int rows = 512;
        int wide = 256;
        Tensor x = Draw.normal(1, rows, wide).to(DType.FLOAT32);
        Tensor a = Draw.normal(2, 2, wide).to(DType.FLOAT32).requireGrad();
        Tensor b = Draw.normal(3, wide, 2).to(DType.FLOAT32).requireGrad();
        try (var scope = Scope.open()) {
            Tensor y = x.mul(1);
            long before = BufferPool.statistics().bytesHeld();
            AddLowRank.apply(y, x, a, b, SCALE);
            assertThat(BufferPool.statistics().bytesHeld() - before).isLessThan(4L * rows * wide / 4);
        }
    }

    @Test
    void whoeverNeedsTheOldValuesIsTold() {
        Tensor v = Draw.normal(1, 2, 3).requireGrad();
        Tensor y = v.mul(1);
        Tensor square = y.square(); // needs y in its backward pass
        Tensor sum = AddLowRank.apply(y, Draw.normal(2, 2, 4), Draw.normal(3, 1, 4), Draw.normal(4, 3, 1), SCALE);
        assertThatThrownBy(() -> square.add(sum).sum().backward())
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("changed in place");
    }

    @Test
    void whatDoesNotFitIsRefused() { // BAD-INPUT 6, 14
        Tensor y = Tensor.ones(2, 3);
        Tensor x = Tensor.ones(2, 4);
        Tensor a = Tensor.ones(1, 4);
        Tensor b = Tensor.ones(3, 1);
        refused(() -> AddLowRank.apply(y, x, Tensor.ones(1, 5), b, 1), "(2, 4), (1, 5) and (3, 1)");
        refused(() -> AddLowRank.apply(y, x, Tensor.ones(2, 4), b, 1), "a (r, in) and b (out, r)");
        refused(() -> AddLowRank.apply(y, Tensor.ones(3, 4), a, b, 1), "y must be (3, 3); got (2, 3)");
        refused(() -> AddLowRank.apply(y, x, a, null, 1), "null");
        refused(() -> AddLowRank.apply(null, x, a, b, 1), "null");
        refused(() -> AddLowRank.apply(Tensor.ones(2, 3).requireGrad(), x, a, b, 1), "must not be a parameter");
    }

    private static void refused(Runnable call, String reason) {
        assertThatThrownBy(call::run).isInstanceOf(ShapeException.class).hasMessageContaining(reason);
    }
}
