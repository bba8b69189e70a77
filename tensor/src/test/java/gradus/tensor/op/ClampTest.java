package gradus.tensor.op;

import static gradus.tensor.Refused.refused;
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
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ClampTest extends OpTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    @Override
    protected List<Example> examples() {
        Tensor spread = Draw.tensor(i -> 0.35 * (i * 7 % 10 - 4.6), 4, 5); // from -1.61 to 1.54, the last one -0.56
        return List.of(
                new Example("both", x -> x[0].clamp(-0.7, 0.9), spread),
                new Example("from below", x -> x[0].clamp(-0.7, INF), spread),
                new Example("from above", x -> x[0].clamp(-INF, 0.3), spread),
                new Example("a scalar", x -> x[0].clamp(-9, 9), Draw.normal(4)));
    }

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @DoubleRange(min = -2, max = 2) double min,
            @ForAll @DoubleRange(min = -2, max = 2) double max,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        float low = (float) min;
        float high = (float) max; // also below the lower bound
        double[] expected = Arrays.stream(x.toArray())
                .map(v -> Math.min(Math.max(v, low), high))
                .toArray();
        for (DType dtype : DType.values()) {
            assertThat(x.to(dtype).clamp(low, high).toArray()).isEqualTo(expected);
            assertThat(x.to(dtype).clamp(low, high).clamp(low, high).toArray()).isEqualTo(expected);
        }
    }

    @Test
    void theBoundsThemselvesPassTheGradientAndNaNStays() {
        double nan = Double.NaN;
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {-2, -1, 0, 1, 2, nan, -INF, INF}, 8)
                    .to(dtype)
                    .requireGrad();
            Tensor y = x.clamp(-1, 1);
            assertThat(y.toArray()).containsExactly(-1, -1, 0, 1, 1, nan, -1, 1);
            y.sum().backward();
            double[] slopes = x.grad().abs().toArray();
            assertThat(slopes).containsExactly(0, 1, 1, 1, 0, 0, 0, 0);
        }
    }

    @Test
    void boundsThatAreNoNumbersAreRefused() {
        refused(() -> Tensor.ones(2).clamp(Double.NaN, 1), "clamp: bounds must be numbers; got NaN and 1.0");
        refused(() -> Tensor.ones(2).clamp(0, Double.NaN), "bounds must be numbers");
        refused(() -> Clamp.apply(null, 0, 1), "clamp: a tensor must be given; got null"); // BAD-INPUT 14
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
