package gradus.tensor.op.reduce;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.assertWithin;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Draw;
import gradus.tensor.Places;
import gradus.tensor.Tensor;
import gradus.tensor.op.OpTest;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SeveralAxesTest extends OpTest {
    @Override
    protected List<Example> examples() {
        Tensor x = Draw.normal(1, 2, 3, 4);
        return List.of(
                new Example("sum of the outer ones", t -> t[0].sum(0, 2), x),
                new Example("sum, kept", t -> t[0].sum(new int[] {1, 2}, true), x),
                new Example("mean", t -> t[0].mean(-1, 0), x),
                new Example("amax", t -> t[0].amax(new int[] {0, 1}, false), Draw.distinct(1, 2, 3, 4)),
                new Example("amin", t -> t[0].amin(new int[] {2, 0}, true), Draw.distinct(1, 2, 3, 4)),
                new Example("logSumExp", t -> t[0].logSumExp(new int[] {0, 2}, false), x),
                new Example("logSumExp of the first", t -> t[0].logSumExp(0), x));
    }

    /// Sums in the order of the places; 600 terms at most round by 600·2⁻⁵³ of their sizes.
    @Property(tries = 200)
    void isTheLoop(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 15) int which, @ForAll long seed) {
        int[] axes = IntStream.range(0, shape.rank())
                .filter(a -> a == 0 || (which >> a & 1) == 1)
                .toArray();
        Tensor x = Draw.normal(seed, shape.dims());
        Shape kept = shape;
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        double[] sum = new double[kept.size()];
        double[] most = new double[kept.size()];
        double[] exponentials = new double[kept.size()];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int at = 0; at < shape.size(); at++) {
            int[] index = Places.index(shape, at);
            double value = x.get(index);
            for (int axis : axes) {
                index[axis] = 0;
            }
            int to = kept.position(index);
            sum[to] += value;
            most[to] = Math.max(most[to], value);
            exponentials[to] += Math.exp(value);
        }
        double terms = x.abs().sum().item();
        assertNear(x.sum(axes, true).toArray(), sum, ROUNDING, terms);
        assertThat(x.sum(axes, true).shape()).isEqualTo(kept);
        assertThat(x.sum(axes).rank()).isEqualTo(shape.rank() - axes.length);
        assertThat(x.sum(axes).toArray()).isEqualTo(x.sum(axes, true).toArray());
        double n = (double) shape.size() / kept.size();
        assertNear(x.mean(axes, true).mul(n).toArray(), sum, ROUNDING, terms);
        assertThat(x.amax(axes, false).toArray()).isEqualTo(most);
        assertThat(x.neg().amin(axes, true).neg().toArray()).isEqualTo(most);
        assertWithin(
                x.logSumExp(axes, false).exp().toArray(),
                exponentials,
                1e-12 * x.exp().sum().item());
    }

    /// What takes one axis and keeps it is what takes a list of one.
    @Property(tries = 200)
    void oneAxisIsAListOfOne(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 3) int which, @ForAll long seed) {
        int axis = which % shape.rank();
        int[] list = {axis - shape.rank()};
        Tensor x = Draw.normal(seed, shape.dims());
        assertSame(x.amax(axis, true), x.amax(list, true));
        assertSame(x.amin(axis, true), x.amin(list, true));
        assertSame(x.var(axis, 0, true), x.var(list, 0, true));
        assertSame(x.std(axis, 0.5, true), x.std(list, 0.5, true));
        assertSame(x.norm(3, axis, true), x.norm(3, list, true));
        assertSame(x.logSumExp(axis, true), x.logSumExp(list, true));
        assertSame(x.amax(axis, false), x.amax(axis));
        assertSame(x.logSumExp(axis, false), x.logSumExp(axis));
    }

    private static void assertSame(Tensor one, Tensor other) {
        assertThat(one.shape()).isEqualTo(other.shape());
        assertThat(one.toArray()).isEqualTo(other.toArray());
    }

    /// One axis after the other would give 1/4, 1/4 and 1/2.
    @Test
    void equalLargestOnesShareEquallyOverAllAxes() {
        Tensor x = Tensor.of(new double[][] {{1, 1}, {1, 0}}).requireGrad();
        x.amax(new int[] {0, 1}, false).backward();
        assertEachNear(x.grad().toArray(), new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0, 0}, 1e-15);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.sum(0, 2), "axis 2 is out of range for shape (2, 3)"); // BAD-INPUT 11
        refused(() -> x.sum(0, -2), "sum: axis -2 is named twice");
        refused(() -> x.mean(new int[0], true), "mean: at least one axis must be given");
        refused(() -> x.amax(null, true), "amax: axes must be given; got null"); // BAD-INPUT 14
        refused(
                () -> SeveralAxes.reduce("f", x, new int[] {0}, true, t -> t),
                "f: the reduction of the last axis must");
        refused(() -> Tensor.scalar(1).sum(0, 0), "axis 0 is out of range");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(1, 4);
    }
}
