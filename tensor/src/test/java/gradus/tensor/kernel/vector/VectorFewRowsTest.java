package gradus.tensor.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VectorFewRowsTest {
    private static final float UNTOUCHED = 12345;

    /// Rows that lie in the memory of a larger matrix, with a gap behind each.
    private static Matrix rows(Tensor memory, int rows, int columns, int gap) {
        return new Matrix(memory.buffer(), 0, rows, columns, columns + gap, false, 0);
    }

    private static float[] numbers(Rng rng, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (2 * rng.uniform(i) - 1);
        }
        return numbers;
    }

    private static Tensor product(float[] x, int from, int rows, float[] w, int out, int k, int gap) {
        float[] some = Arrays.copyOfRange(x, from * (k + gap), (from + rows) * (k + gap));
        Tensor y = Tensor.full(DType.FLOAT32, Shape.of(rows * (out + gap)), UNTOUCHED);
        VectorFewRows.linear(
                rows(Tensor.of(some, some.length), rows, k, gap),
                rows(Tensor.of(w, w.length), out, k, gap),
                null,
                rows(y, rows, out, gap));
        return y;
    }

    /// A row's result does not depend on which rows are with it, bit for bit: generation of several texts at
    /// once is the generation of each. And it is the product: a sum of k terms, in any order, is off by at most
    /// `k·2⁻²⁴·Σ|xᵢ·wᵢ|` (Higham 2002, section 3.1), nearly.
    @Property(tries = 200)
    void aRowIsWhatItIsAlone(
            @ForAll @IntRange(min = 1, max = 16) int rows,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 4) int registers,
            @ForAll boolean whole,
            @ForAll @IntRange(min = 1, max = 17) int more,
            @ForAll @IntRange(min = 0, max = 3) int gap,
            @ForAll long seed) {
        int k = Lanes.W * registers + (whole ? 0 : more);
        float[] x = numbers(Rng.of(seed).at("x"), rows * (k + gap));
        float[] w = numbers(Rng.of(seed).at("w"), out * (k + gap));
        try (var scope = Scope.open()) {
            float[] all = product(x, 0, rows, w, out, k, gap).toFloatArray();
            for (int m = 0; m < rows; m++) {
                float[] alone = product(x, m, 1, w, out, k, gap).toFloatArray();
                for (int n = 0; n < out; n++) {
                    double sum = 0;
                    double sizes = 0;
                    for (int i = 0; i < k; i++) {
                        double term = (double) x[m * (k + gap) + i] * w[n * (k + gap) + i];
                        sum += term;
                        sizes += Math.abs(term);
                    }
                    assertThat(all[m * (out + gap) + n]).isEqualTo(alone[n]);
                    assertThat(Math.abs(alone[n] - sum)).isLessThanOrEqualTo(k * 0x1.01p-24 * sizes);
                }
                for (int n = out; n < out + gap; n++) {
                    assertThat(all[m * (out + gap) + n]).isEqualTo(UNTOUCHED);
                }
            }
        }
    }

    /// Long rows go through tiles up to 64 at a time, the last of which are not full.
    @Test
    void manyLongRows() {
        int k = 512;
        int out = 13;
        float[] w = numbers(Rng.of(2), out * k);
        for (int rows : new int[] {17, 39, 64}) {
            float[] x = numbers(Rng.of(rows), rows * k);
            try (var scope = Scope.open()) {
                float[] all = product(x, 0, rows, w, out, k, 0).toFloatArray();
                for (int m = 0; m < rows; m++) {
                    assertThat(Arrays.copyOfRange(all, m * out, (m + 1) * out))
                            .as("row %s of %s", m, rows)
                            .isEqualTo(product(x, m, 1, w, out, k, 0).toFloatArray());
                }
            }
        }
    }
}
