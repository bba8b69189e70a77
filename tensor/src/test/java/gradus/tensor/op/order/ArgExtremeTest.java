package gradus.tensor.op.order;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ArgExtremeTest extends OpTest {
    @Override
    protected List<Example> examples() {
        return List.of(
                new Example("max", x -> x[0].max(1).values(), Draw.distinct(1, 3, 5)),
                new Example("min, kept", x -> x[0].min(0, true).values(), Draw.distinct(1, 3, 5)),
                new Example("max of the middle", x -> x[0].max(-2).values(), Draw.distinct(1, 2, 4, 3)),
                new Example("max of all", x -> x[0].max(), Draw.distinct(1, 3, 5)),
                new Example("min of all", x -> x[0].min(), Draw.distinct(1, 3, 5)));
    }

    private static final double[] NUMBERS = {-1, 0, -0.0, 1, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};

    @Property(tries = 200)
    void isTheLoop(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 9) int wish,
            @ForAll boolean nan,
            @ForAll long seed) {
        int axis = wish % shape.rank();
        int[] which =
                Draw.indices(seed, NUMBERS.length + (nan ? 1 : 0), shape.dims()).values();
        Tensor x = Draw.tensor(i -> which[i] < NUMBERS.length ? NUMBERS[which[i]] : Double.NaN, shape.dims());
        Shape rest = shape.without(axis);
        int[] most = new int[rest.size()];
        int[] least = new int[rest.size()];
        for (int i = 0; i < most.length; i++) {
            double[] line = Places.line(x, axis, Places.index(rest, i));
            int firstNan = IntStream.range(0, line.length)
                    .filter(j -> Double.isNaN(line[j]))
                    .findFirst()
                    .orElse(-1);
            double largest = DoubleStream.of(line).max().orElseThrow();
            double smallest = DoubleStream.of(line).min().orElseThrow();
            most[i] = firstNan >= 0 ? firstNan : first(line, largest);
            least[i] = firstNan >= 0 ? firstNan : first(line, smallest);
        }
        assertThat(x.argmax(axis).values()).isEqualTo(most);
        assertThat(x.argmin(axis).values()).isEqualTo(least);
        assertThat(x.argmax(axis).shape()).isEqualTo(rest);
        for (DType dtype : DType.values()) {
            Tensor y = x.to(dtype);
            assertThat(y.max(axis).indices().values()).isEqualTo(most);
            assertThat(y.min(axis).indices().values()).isEqualTo(least);
            assertNear(y.max(axis).values(), y.amax(axis), 0); // NaN in both
            assertNear(y.min(axis).values(), y.amin(axis), 0);
            assertThat(y.min(axis, true).values().shape()).isEqualTo(shape.with(axis, 1));
            assertThat(y.max(axis, true).indices().shape()).isEqualTo(shape.with(axis, 1));
            assertNear(y.max().toArray(), new double[] {y.toArray()[y.argmax()]}, 0);
            assertNear(y.min().toArray(), new double[] {y.toArray()[y.argmin()]}, 0);
        }
    }

    private static int first(double[] line, double value) {
        return IntStream.range(0, line.length)
                .filter(i -> line[i] == value)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void onlyThePlaceThatWasTakenGetsTheGradient() {
        Tensor x = Tensor.of(new double[] {1, 3, 3, 1}, 4).requireGrad();
        x.max(0).values().backward();
        assertThat(x.grad().toArray()).containsExactly(0, 1, 0, 0);
        x.zeroGrad();
        x.min(0).values().backward();
        assertThat(x.grad().toArray()).containsExactly(1, 0, 0, 0);
        x.zeroGrad();
        x.max().backward(); // of all elements equal ones share
        assertThat(x.grad().toArray()).containsExactly(0, 0.5, 0.5, 0);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        refused(() -> Tensor.ones(2).max(1), "axis 1 is out of range"); // BAD-INPUT 11
        refused(() -> Tensor.scalar(1).argmin(0), "axis 0 is out of range");
        refused(() -> ArgExtreme.max(null, 0), "argmax: a tensor must be given"); // BAD-INPUT 14
        refused(() -> ArgExtreme.min(null, 0), "argmin: a tensor must be given");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 3);
    }
}
