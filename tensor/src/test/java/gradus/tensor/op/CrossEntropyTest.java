package gradus.tensor.op;

import static gradus.tensor.Near.assertWithin;
import static gradus.tensor.op.ViewsTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CrossEntropyTest extends OpTest {
    private static final int IGNORE = CrossEntropy.IGNORE_INDEX;

    @Override
    protected List<Example> examples() {
        Indices some = Indices.of(2, IGNORE, 0, 4);
        return List.of(
                new Example("mean", x -> x[0].crossEntropy(Indices.of(1, 0, 2)), Draw.normal(1, 3, 4)),
                new Example("ignored rows", x -> x[0].crossEntropy(some), Draw.normal(1, 4, 5)),
                new Example("smoothed", x -> x[0].crossEntropy(some, IGNORE, 0.1), Draw.normal(1, 4, 5)),
                new Example(
                        "rows, smoothed, three axes",
                        x -> CrossEntropy.rows(x[0], Indices.of(Shape.of(2, 2), new int[] {1, 3, 0, 2}), IGNORE, 0.3),
                        Draw.normal(1, 2, 2, 17)),
                new Example("rows", x -> CrossEntropy.rows(x[0], some, IGNORE, 0), Draw.normal(1, 4, 5)),
                new Example(
                        "one row", x -> x[0].crossEntropy(Indices.of(Shape.of(), new int[] {3})), Draw.normal(1, 6)));
    }

    @Property
    void isTheLoopAndItsUnfusedForm(
            @ForAll @IntRange(min = 1, max = 19) int rows,
            @ForAll @IntRange(min = 1, max = 37) int classes,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        Tensor x = Draw.normal(seed, rows, classes);
        int[] drawn = Draw.indices(seed, classes + 1, rows).values();
        double[] losses = new double[rows];
        double total = 0;
        int counted = 0;
        for (int i = 0; i < rows; i++) {
            if (drawn[i] == classes) {
                drawn[i] = IGNORE;
                continue;
            }
            double sum = 0;
            for (int v = 0; v < classes; v++) {
                sum += Math.exp(x.get(i, v));
            }
            for (int v = 0; v < classes; v++) {
                double target = (v == drawn[i] ? 1 - smoothing : 0) + smoothing / classes;
                losses[i] -= target * Math.log(Math.exp(x.get(i, v)) / sum);
            }
            total += losses[i];
            counted++;
        }
        Indices targets = Indices.of(drawn);
        Tensor fused = CrossEntropy.rows(x, targets, IGNORE, smoothing);
        // A loss is a mean of up to 37 numbers below 15, each to some 1e-14; in float32 to some 4e-6.
        assertWithin(fused.toArray(), losses, 1e-12);
        double mean = x.crossEntropy(targets, IGNORE, smoothing).item();
        assertThat(mean).isCloseTo(total / Math.max(1, counted), within(1e-12));
        Tensor narrow = CrossEntropy.rows(x.to(DType.FLOAT32), targets, IGNORE, smoothing);
        assertWithin(narrow.toArray(), losses, 1e-5);

        Tensor wanted = Draw.tensor(i -> 0, rows, classes);
        double[] q = wanted.toArray();
        for (int i = 0; i < q.length; i++) {
            int target = drawn[i / classes];
            q[i] = target == IGNORE ? 0 : (i % classes == target ? 1 - smoothing : 0) + smoothing / classes;
        }
        Tensor unfused = x.logSoftmax().mul(Tensor.of(q, rows, classes)).sum(-1).neg();
        assertWithin(fused.toArray(), unfused.toArray(), 1e-12);
    }

    @Property
    void obeysItsLaws(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 2, max = 37) int classes,
            @ForAll @DoubleRange(min = 0, max = 0.9) double smoothing,
            @ForAll long seed) {
        Indices targets = Draw.indices(seed, classes, rows);
        Tensor uniform = Draw.tensor(i -> 3, rows, classes);
        assertThat(uniform.crossEntropy(targets, IGNORE, smoothing).item()).isCloseTo(Math.log(classes), within(1e-12));
        Tensor x = Draw.normal(seed, rows, classes).requireGrad();
        Tensor loss = x.crossEntropy(targets, IGNORE, smoothing);
        assertThat(x.add(50).crossEntropy(targets, IGNORE, smoothing).item()).isCloseTo(loss.item(), within(1e-12));
        loss.backward();
        // p and q sum to 1, each to half a rounding for each addition, here and in the softmax: 4·n·1.1e-16.
        double rounding = 4 * classes * Math.ulp(0.5);
        assertThat(DoubleStream.of(x.grad().sum(-1).abs().toArray())).allMatch(d -> d < rounding);
        // No prediction beats the target's own entropy, and predicting the target reaches it.
        double on = 1 - smoothing + smoothing / classes;
        double off = smoothing / classes;
        double entropy = -on * Math.log(on) - (off == 0 ? 0 : (classes - 1) * off * Math.log(off));
        assertThat(loss.item()).isGreaterThanOrEqualTo(entropy - 1e-12);
    }

    @Test
    void everyLabelIgnoredGives0() { // BAD-INPUT 99
        for (DType dtype : DType.values()) {
            Tensor x = Draw.normal(1, 3, 4).to(dtype).requireGrad();
            Tensor loss = x.crossEntropy(Indices.of(IGNORE, IGNORE, IGNORE));
            assertThat(loss.item()).isZero();
            loss.backward();
            assertThat(x.grad().toArray()).containsOnly(0);
        }
    }

    @Test
    void anIgnoredRowMayHoldAnything() {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {1, 2, 3, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY}, 2, 3)
                    .to(dtype)
                    .requireGrad();
            Tensor loss = x.crossEntropy(Indices.of(2, IGNORE), IGNORE, 0.1);
            assertThat(loss.item()).isFinite();
            loss.backward();
            assertThat(x.grad().slice(0, 1, 2).toArray()).containsOnly(0);
        }
    }

    @Test
    void extremeLogitsStayFinite() { // BAD-INPUT 185
        double no = Double.NEGATIVE_INFINITY;
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.of(new double[] {1e4, -1e4, -1e4, 1e4, no, 0}, 3, 2)
                    .to(dtype)
                    .requireGrad();
            Tensor losses = CrossEntropy.rows(x, Indices.of(0, 0, 1), IGNORE, 0);
            assertThat(losses.toArray()).containsExactly(0, 2e4, 0);
            losses.sum().backward();
            assertThat(x.grad().toArray()).containsExactly(0, 0, -1, 1, 0, 0);
        }
    }

    @Test
    void theIgnoredClassMayBeAnyNumber() {
        Tensor x = Draw.normal(1, 2, 3);
        double second = CrossEntropy.rows(x, Indices.of(0, 2), IGNORE, 0).get(1);
        assertThat(x.crossEntropy(Indices.of(0, 2), 0, 0).item()).isCloseTo(second, within(1e-15));
    }

    @Test
    void targetsThatDoNotFitAreRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.crossEntropy(Indices.of(0, 3)), "target 3 of row 1 is outside 0..2", "-100"); // BAD-INPUT 100
        refused(() -> x.crossEntropy(Indices.of(-1, 0)), "target -1 of row 0");
        refused(() -> x.crossEntropy(Indices.of(0)), "(..., V) and targets (...); got (2, 3) and (1,)"); // BAD-INPUT 6
        refused(() -> x.crossEntropy(null), "null"); // BAD-INPUT 14
        refused(() -> Tensor.scalar(1).crossEntropy(Indices.of(0)), "(..., V)");
        for (double smoothing : new double[] {-0.1, 1.1, Double.NaN}) {
            refused(() -> x.crossEntropy(Indices.of(0, 0), IGNORE, smoothing), "label smoothing must be in [0, 1]");
        }
    }
}
