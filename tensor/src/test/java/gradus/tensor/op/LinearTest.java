package gradus.tensor.op;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example(
                        "with bias",
                        x -> x[0].linear(x[1], x[2]),
                        Draw.normal(1, 2, 3, 4),
                        Draw.normal(2, 5, 4),
                        Draw.normal(3, 5)),
                new Example("without bias", x -> x[0].linear(x[1], null), Draw.normal(1, 3, 4), Draw.normal(2, 5, 4)),
                new Example(
                        "a vector",
                        x -> x[0].linear(x[1], x[2]),
                        Draw.normal(1, 4),
                        Draw.normal(2, 1, 4),
                        Draw.normal(3, 1)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(
            @ForAll @IntRange(min = 1, max = 19) int rows,
            @ForAll @IntRange(min = 1, max = 19) int in,
            @ForAll @IntRange(min = 1, max = 19) int out,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, rows, in);
        Tensor w = Draw.normal(seed + 1, out, in);
        Tensor b = Draw.normal(seed + 2, out);
        double[] expected = new double[rows * out];
        double[] terms = new double[rows * out];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < out; j++) {
                double sum = b.get(j);
                for (int l = 0; l < in; l++) {
                    sum += x.get(i, l) * w.get(j, l);
                }
                expected[i * out + j] = sum;
                terms[i * out + j] = Math.abs(b.get(j));
                for (int l = 0; l < in; l++) {
                    terms[i * out + j] += Math.abs(x.get(i, l) * w.get(j, l));
                }
            }
        }
        // At most 20 products and sums, so 20 roundings of the magnitudes, on either side.
        double size = largest(terms);
        assertNear(x.linear(w, b).toArray(), expected, 40 * 0x1p-53, size);
        assertNear(x.linear(w, b).toArray(), x.matmul(w, false, true).add(b).toArray(), 40 * 0x1p-53, size);
        assertNear(x.linear(w, null), x.matmul(w, false, true), 0);
        Tensor narrow = x.to(DType.FLOAT32).linear(w.to(DType.FLOAT32), b.to(DType.FLOAT32));
        assertNear(narrow.toArray(), expected, 21 * 0x1p-24, size);
    }

    @Test
    void sizesThatDoNotFitAreRefused() { // BAD-INPUT 6, 8, 14
        Tensor x = Tensor.ones(2, 3);
        assertThatThrownBy(() -> x.linear(Tensor.ones(4, 5), null))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(..., in) and weight (out, in); got (2, 3) and (4, 5)");
        assertThatThrownBy(() -> x.linear(Tensor.ones(4, 3), Tensor.ones(3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("bias must be (4,); got (3,)");
        assertThatThrownBy(() -> x.linear(null, null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.scalar(1).linear(Tensor.ones(4, 1), null))
                .isInstanceOf(ShapeException.class);
    }
}
