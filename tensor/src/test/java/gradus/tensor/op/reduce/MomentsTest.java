package gradus.tensor.op.reduce;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MomentsTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("var of all", x -> x[0].var(), Draw.normal(1, 3, 5)),
                new Example("var of rows", x -> x[0].var(1), Draw.normal(1, 3, 5)),
                new Example("biased", x -> x[0].var(new int[] {0}, 0, true), Draw.normal(1, 3, 5)),
                new Example("std of all", x -> x[0].std(), Draw.normal(1, 3, 5)),
                new Example("std of columns", x -> x[0].std(0), Draw.normal(1, 3, 5)),
                new Example("over two axes", x -> x[0].std(new int[] {0, 2}, 0, false), Draw.normal(1, 2, 3, 2)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 2, max = 40) int n,
            @ForAll @DoubleRange(min = -1, max = 1.5) double correction,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, rows, n);
        double[] expected = new double[rows];
        for (int row = 0; row < rows; row++) {
            double[] line = Places.line(x, 1, new int[] {row});
            double mean = DoubleStream.of(line).sum() / n;
            expected[row] =
                    DoubleStream.of(line).map(v -> (v - mean) * (v - mean)).sum() / (n - correction);
        }
        assertNear(x.var(new int[] {1}, correction, false).toArray(), expected, ROUNDING);
        double[] roots = DoubleStream.of(expected).map(Math::sqrt).toArray();
        assertNear(x.std(new int[] {1}, correction, false).toArray(), roots, ROUNDING);
    }

    /// `var(a·x + b) = a²·var(x)`, and `var = mean(x²) - mean(x)²` without correction.
    @Property(tries = 200)
    void obeysTheLaws(@ForAll @IntRange(min = 2, max = 70) int n, @ForAll long seed) {
        Tensor x = Draw.normal(seed, n);
        // The shift by 5 costs the digits of 5² beside the variance.
        double size = x.square().sum().item() + 25 * n;
        assertNear(x.mul(-3).add(5).var().toArray(), x.var().mul(9).toArray(), ROUNDING, size);
        Tensor moments = x.square().mean().sub(x.mean().square());
        assertNear(x.var(new int[] {0}, 0, false).toArray(), moments.toArray(), ROUNDING, size);
        assertNear(x.var(new int[] {0}, 1, false).toArray(), x.var(0).toArray(), 0);
        assertNear(
                x.var().mul(n - 1).toArray(),
                x.var(new int[] {0}, 0, false).mul(n).toArray(),
                ROUNDING);
    }

    @Test
    void equalElementsHaveNoSpreadAndNoGradient() {
        Tensor x = Tensor.of(new double[] {2, 2, 2}, 3).requireGrad();
        Tensor y = x.std();
        assertThat(y.item()).isZero();
        y.backward();
        assertThat(x.grad().toArray()).containsOnly(0);
    }

    @Test
    void tooFewElementsAreRefused() {
        refused(() -> Tensor.ones(1).var(), "var: the number of elements must be greater than the correction; got 1");
        refused(() -> Tensor.ones(3, 1).std(1), "greater than the correction; got 1 and 1.0");
        refused(() -> Tensor.ones(3).var(new int[] {0}, 3, false), "got 3 and 3.0");
        refused(() -> Tensor.ones(3).var(new int[] {0}, Double.NaN, false), "NaN");
        refused(() -> Tensor.ones(3).var(1), "axis 1 is out of range"); // BAD-INPUT 11
        refused(() -> Moments.variance(null, 1), "var: a tensor must be given"); // BAD-INPUT 14
    }
}
