package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SoftmaxTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("a matrix", x -> x[0].softmax(), Draw.normal(1, 3, 5)),
                new Example("three axes", x -> x[0].softmax(), Draw.normal(1, 2, 2, 17)),
                new Example("a vector", x -> x[0].softmax(), Draw.normal(1, 7)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims()).mul(3);
        int n = shape.last();
        double[] values = x.toArray();
        double[] expected = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double sum = 0;
            for (int j = i / n * n; j < i / n * n + n; j++) {
                sum += Math.exp(values[j] - values[i]);
            }
            expected[i] = 1 / sum;
        }
        assertEachNear(x.softmax().toArray(), expected, ROUNDING);
        assertEachNear(x.exp().div(x.exp().sum(-1, true)).toArray(), expected, ROUNDING);
        // Logits below 16 round by 5e-7, twice with the maximum; a sum of 70 terms by 70 · 6e-8 at most.
        assertNear(x.to(DType.FLOAT32).softmax().toArray(), expected, 1e-5);
    }

    @Property
    void obeysItsLaws(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = x.softmax();
        assertNear(y.sum(-1), y.sum(-1).mul(0).add(1), ROUNDING);
        assertNear(x.add(100).softmax(), y, 1e-11); // x + 100 has lost two digits
        for (double p : y.toArray()) {
            assertThat(p).isBetween(0.0, 1.0);
        }
        // A softmax moves along directions that sum to 0: so do its gradients.
        x.requireGrad();
        Tensor again = x.softmax();
        again.backward(Draw.normal(seed + 1, shape.dims()));
        for (double sum : x.grad().sum(-1).toArray()) {
            assertThat(Math.abs(sum)).isLessThan(1e-12); // at most 70 terms that add up to some 5, each to 1e-15
        }
    }

    @Test
    void extremeLogitsStayFinite() { // BAD-INPUT 184, 185
        double no = Double.NEGATIVE_INFINITY;
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {1e4, -1e4, 0, no, no, no, no, 2, no}, 3, 3)
                    .to(dtype)
                    .requireGrad();
            Tensor y = x.softmax();
            assertThat(y.toArray()).containsExactly(1, 0, 0, 0, 0, 0, 0, 1, 0);
            y.backward(Tensor.full(dtype, y.shape(), 1).add(Draw.normal(1, 3, 3).to(dtype)));
            assertThat(Arrays.stream(x.grad().toArray())).allMatch(d -> d == 0);
        }
    }

    @Test
    void aScalarIsCertain() { // BAD-INPUT 20
        assertThat(Tensor.scalar(5).softmax().item()).isEqualTo(1);
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }
}
