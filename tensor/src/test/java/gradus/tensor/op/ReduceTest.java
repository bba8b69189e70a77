package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReduceTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("sum of all", x -> x[0].sum(), Draw.normal(1, 3, 5)),
                new Example("sum of a scalar", x -> x[0].sum(), Draw.normal(1)),
                new Example("sum of axis 0", x -> x[0].sum(0), Draw.normal(1, 3, 5)),
                new Example("sum of axis 1 of 3", x -> x[0].sum(1), Draw.normal(1, 2, 3, 4)),
                new Example("sum of the last axis, kept", x -> x[0].sum(-1, true), Draw.normal(1, 2, 7)),
                new Example("mean of all", x -> x[0].mean(), Draw.normal(1, 3, 5)),
                new Example("mean of an axis", x -> x[0].mean(1), Draw.normal(1, 3, 5)),
                new Example("max", x -> x[0].amax(1), Draw.distinct(1, 3, 5)),
                new Example("max of the middle", x -> x[0].amax(1), Draw.distinct(1, 2, 3, 4)),
                new Example("min", x -> x[0].amin(0), Draw.distinct(1, 3, 5)));
    }

    @Property
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @IntRange(min = 0, max = 3) int wish, @ForAll long seed) {
        int axis = wish % shape.rank();
        Tensor x = Draw.normal(seed, shape.dims());
        double[] sums = loop(x, axis, 0, Double::sum);
        double terms = largest(loop(x.abs(), axis, 0, Double::sum));
        assertNear(x.sum(axis).toArray(), sums, ROUNDING, terms);
        Tensor positive = x.square(); // so that no sum cancels
        assertNear(positive.to(DType.FLOAT32).sum(axis).toArray(), loop(positive, axis, 0, Double::sum), 1e-5);
        assertThat(x.amax(axis).toArray()).isEqualTo(loop(x, axis, Double.NEGATIVE_INFINITY, Math::max));
        assertThat(x.amin(axis).toArray()).isEqualTo(loop(x, axis, Double.POSITIVE_INFINITY, Math::min));
        assertThat(x.sum(axis, true).shape()).isEqualTo(shape.with(axis, 1));
        assertThat(x.sum(axis).shape()).isEqualTo(shape.without(axis));
        double[] means = Arrays.stream(sums).map(s -> s / shape.dim(axis)).toArray();
        assertNear(x.mean(axis).toArray(), means, ROUNDING, terms / shape.dim(axis));
    }

    @Property
    void obeysTheLawsOfSums(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor y = Draw.normal(seed + 1, shape.dims());
        double terms = x.abs().sum().item() + y.abs().sum().item();
        assertNear(x.sum(0).sum().toArray(), x.sum().toArray(), ROUNDING, terms);
        assertNear(x.add(y).sum(-1).toArray(), x.sum(-1).add(y.sum(-1)).toArray(), ROUNDING, terms);
        assertNear(x.amin(-1), x.neg().amax(-1).neg(), 0);
        Tensor best = x.amax(-1);
        int n = shape.last();
        int[] places = x.argmax(-1).values();
        for (int row = 0; row < places.length; row++) {
            assertThat(x.toArray()[row * n + places[row]]).isEqualTo(best.toArray()[row]);
        }
    }

    @Test
    void equalExtremesShareTheGradient() {
        Tensor x = Tensor.of(new double[] {1, 3, 3, 2}, 4).requireGrad();
        x.amax(0).backward();
        assertThat(x.grad().toArray()).containsExactly(0, 0.5, 0.5, 0);
        assertThat(Tensor.of(new double[] {1, 3, 3}, 3).argmax()).isEqualTo(1);
    }

    @Test
    void anAxisThatIsNotThereIsRefused() { // BAD-INPUT 11
        for (int axis : new int[] {2, -3, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> Tensor.ones(2, 3).sum(axis))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("axis " + axis + " is out of range for shape (2, 3)");
        }
        assertThatThrownBy(() -> Tensor.scalar(1).sum(0)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.scalar(1).amax(0)).isInstanceOf(ShapeException.class);
    }

    @Test
    void aScalarIsSummed() { // BAD-INPUT 20
        assertThat(Tensor.scalar(3).sum().item()).isEqualTo(3);
        assertThat(Tensor.scalar(3).mean().shape()).isEqualTo(Shape.of());
        assertThat(Tensor.scalar(3).argmax()).isZero();
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }

    private static double[] loop(Tensor x, int axis, double start, DoubleBinaryOperator join) {
        int outer = x.shape().product(0, axis);
        int n = x.dim(axis);
        int inner = x.shape().product(axis + 1, x.rank());
        double[] values = x.toArray();
        double[] result = new double[outer * inner];
        Arrays.fill(result, start);
        for (int o = 0; o < outer; o++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < inner; i++) {
                    result[o * inner + i] = join.applyAsDouble(result[o * inner + i], values[(o * n + j) * inner + i]);
                }
            }
        }
        return result;
    }
}
