package gradus.tensor.op.reduce;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NormTest extends OpTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("2 of all", x -> x[0].norm(), Draw.normal(1, 3, 5)),
                new Example("1", x -> x[0].norm(1, new int[] {1}, false), Draw.awayFromZero(1, 3, 5)),
                new Example("3", x -> x[0].norm(3, new int[] {0}, true), Draw.awayFromZero(1, 3, 5)),
                new Example("a half", x -> x[0].norm(0.5), Draw.awayFromZero(1, 3, 5)),
                new Example("∞", x -> x[0].norm(INF, new int[] {-1}, false), Draw.distinct(1, 3, 5)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @DoubleRange(min = 0.5, max = 5) double p,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, rows, n);
        for (double power : new double[] {1, 2, p, INF}) {
            double[] expected = new double[rows];
            for (int row = 0; row < rows; row++) {
                double[] sizes = DoubleStream.of(Places.line(x, 1, new int[] {row}))
                        .map(Math::abs)
                        .toArray();
                expected[row] = power == INF
                        ? DoubleStream.of(sizes).max().orElseThrow()
                        : Math.pow(
                                DoubleStream.of(sizes)
                                        .map(v -> Math.pow(v, power))
                                        .sum(),
                                1 / power);
            }
            assertEachNear(x.norm(power, new int[] {1}, false).toArray(), expected, ROUNDING);
        }
    }

    /// `|a·x| = |a|·|x|` and `|x + y| ≤ |x| + |y|`
    @Property(tries = 200)
    void obeysTheLaws(
            @ForAll("shapes") Shape shape, @ForAll @DoubleRange(min = 1, max = 5) double p, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = Draw.normal(seed + 1, shape.dims());
        assertEachNear(x.mul(-2.5).norm(p).toArray(), x.norm(p).mul(2.5).toArray(), ROUNDING);
        double sides = x.norm(p).item() + y.norm(p).item();
        assertThat(x.add(y).norm(p).item()).isLessThanOrEqualTo(sides * (1 + ROUNDING));
    }

    @Test
    void theZeroVectorHasTheGradientZero() {
        for (double p : new double[] {0.5, 1, 2, 3, INF}) {
            Tensor x = Tensor.zeros(3).requireGrad();
            x.norm(p).backward();
            assertThat(x.grad().toArray()).as("p = %s", p).containsOnly(0);
        }
        Tensor x = Tensor.of(new double[] {3, -3, 1}, 3).requireGrad();
        x.norm(INF).backward();
        assertThat(x.grad().toArray()).containsExactly(0.5, -0.5, 0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.ones(2).norm(0), "norm: p must be above 0, or infinite; got 0.0");
        refused(() -> Tensor.ones(2).norm(-1), "got -1.0");
        refused(() -> Tensor.ones(2).norm(Double.NaN), "got NaN");
        refused(() -> Tensor.ones(2).norm(2, new int[] {1}, false), "axis 1 is out of range"); // BAD-INPUT 11
        refused(() -> Norm.apply(null, 2), "norm: a tensor must be given"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
