package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MatMulTest extends OpTest {
    @Override
    protected List<Example> examples() {
        List<Example> examples = new ArrayList<>();
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                for (int[] batches : new int[][] {{0, 0}, {2, 2}, {2, 0}, {0, 2}}) {
                    examples.add(new Example(
                            "%s·%s batches %d %d".formatted(ta ? "Aᵀ" : "A", tb ? "Bᵀ" : "B", batches[0], batches[1]),
                            x -> x[0].matmul(x[1], ta, tb),
                            matrix(1, batches[0], 3, 4, ta),
                            matrix(2, batches[1], 4, 2, tb)));
                }
            }
        }
        examples.add(new Example("1×1", x -> x[0].matmul(x[1]), Draw.normal(1, 1, 1), Draw.normal(2, 1, 1)));
        return examples;
    }

    @Property
    void isTheTripleLoop(
            @ForAll @IntRange(min = 0, max = 3) int batchA,
            @ForAll boolean batchedB,
            @ForAll @IntRange(min = 1, max = 19) int m,
            @ForAll @IntRange(min = 1, max = 19) int k,
            @ForAll @IntRange(min = 1, max = 19) int n,
            @ForAll boolean ta,
            @ForAll boolean tb,
            @ForAll long seed) {
        int batchB = batchedB ? batchA : 0;
        Tensor a = matrix(seed, batchA, m, k, ta);
        Tensor b = matrix(seed + 1, batchB, k, n, tb);
        int batch = Math.max(1, batchA);
        double[] expected = new double[batch * m * n];
        double[] va = a.toArray();
        double[] vb = b.toArray();
        double[] terms = new double[expected.length];
        for (int s = 0; s < batch; s++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    for (int l = 0; l < k; l++) {
                        double left = va[s * m * k + (ta ? l * m + i : i * k + l)];
                        double right = vb[(batchB == 0 ? 0 : s * k * n) + (tb ? j * k + l : l * n + j)];
                        expected[(s * m + i) * n + j] += left * right;
                        terms[(s * m + i) * n + j] += Math.abs(left * right);
                    }
                }
            }
        }
        // A sum of k products is good to k + 1 roundings of Σ |a·b|, however it is added up: here at most 20.
        assertNear(a.matmul(b, ta, tb).toArray(), expected, 40 * 0x1p-53, largest(terms));
        Tensor narrow = a.to(DType.FLOAT32).matmul(b.to(DType.FLOAT32), ta, tb);
        assertNear(narrow.toArray(), expected, 20 * 0x1p-24, largest(terms));
    }

    @Property
    void obeysTheLawsOfMatrices(
            @ForAll @IntRange(min = 1, max = 9) int m,
            @ForAll @IntRange(min = 1, max = 9) int k,
            @ForAll @IntRange(min = 1, max = 9) int n,
            @ForAll long seed) {
        Tensor a = Draw.normal(seed, m, k);
        Tensor b = Draw.normal(seed + 1, k, n);
        Tensor c = Draw.normal(seed + 2, k, n);
        Tensor d = Draw.normal(seed + 3, n, 3);
        Tensor identity = Draw.tensor(i -> i % (k + 1) == 0 ? 1 : 0, k, k);
        assertNear(a.matmul(identity), a, 0);
        // Some 30 roundings of the sums of magnitudes.
        double two = largest(a.abs().matmul(b.abs().add(c.abs())).toArray());
        double three = largest(a.abs().matmul(b.abs()).matmul(d.abs()).toArray());
        double tolerance = 64 * 0x1p-53;
        assertNear(a.matmul(b.add(c)).toArray(), a.matmul(b).add(a.matmul(c)).toArray(), tolerance, two);
        assertNear(a.matmul(b).matmul(d).toArray(), a.matmul(b.matmul(d)).toArray(), tolerance, three);
        assertNear(
                a.matmul(b).transpose(0, 1).toArray(), b.matmul(a, true, true).toArray(), tolerance, two);
    }

    @Test
    void sizesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> Tensor.ones(2, 3).matmul(Tensor.ones(2, 3))) // BAD-INPUT 8
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("inner sizes differ: (2, 3)·(2, 3)");
        assertThatThrownBy(() -> Tensor.ones(3).matmul(Tensor.ones(3, 2))) // BAD-INPUT 6
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("at least 2 axes; got (3,) and (3, 2)");
        assertThatThrownBy(() -> Tensor.ones(2, 3, 4).matmul(Tensor.ones(3, 4, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("batch axes must be equal");
        assertThatThrownBy(() -> Tensor.ones(2, 3).matmul(null)).isInstanceOf(ShapeException.class); // BAD-INPUT 14
    }

    private static Tensor matrix(long seed, int batch, int rows, int columns, boolean transposed) {
        int first = transposed ? columns : rows;
        int second = transposed ? rows : columns;
        return batch == 0 ? Draw.normal(seed, first, second) : Draw.normal(seed, batch, first, second);
    }
}
