package gradus.tensor;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Refused.refused;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The short words of a tensor: those that are a line or two of other operations, and those that make tensors of
/// numbers.
class VocabularyTest {
    @Property(tries = 200)
    void axesOfSizeOneComeAndGo(@ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims()).requireGrad();
        int at = wish % (shape.rank() + 1);
        Tensor wide = x.unsqueeze(at);
        assertThat(wide.shape()).isEqualTo(shape.insert(at, 1));
        assertThat(x.unsqueeze(at - shape.rank() - 1).shape()).isEqualTo(wide.shape());
        assertThat(wide.squeeze(at).shape()).isEqualTo(shape);
        assertThat(wide.squeeze().shape().dims())
                .isEqualTo(IntStream.of(shape.dims()).filter(dim -> dim > 1).toArray());
        for (int axis = 0; axis < shape.rank(); axis++) { // an axis that is longer stays
            assertThat(x.squeeze(axis).shape()).isEqualTo(shape.dim(axis) == 1 ? shape.without(axis) : shape);
        }
        assertNear(wide.toArray(), x.toArray(), 0);
        Tensor u = Draw.normal(seed + 1, shape.dims());
        wide.squeeze().mul(u.squeeze()).sum().backward();
        assertNear(x.grad(), u, 0);
    }

    @Property(tries = 200)
    void expandAndSliceCountFromTheEnd(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims());
        int[] dims = new int[shape.rank() + 1];
        Arrays.fill(dims, -1);
        dims[0] = 3;
        assertNear(x.expand(dims), x.broadcastTo(shape.insert(0, 3).dims()), 0);
        if (shape.rank() > 0) {
            int axis = wish % shape.rank();
            int n = shape.dim(axis);
            int from = wish % n;
            assertNear(x.slice(axis, from), x.slice(axis, from, n), 0);
            assertNear(x.slice(axis, from - n), x.slice(axis, from, n), 0);
            assertNear(x.select(axis, -1), x.slice(axis, -1).squeeze(axis), 0);
        }
    }

    /// Along any axis as along the last one after moving it there.
    @Property(tries = 200)
    void softmaxGoesAlongAnyAxis(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 9) int wish, @ForAll long seed) {
        if (shape.rank() == 0) {
            refused(() -> Tensor.scalar(1).softmax(0), "axis 0 is out of range");
            return;
        }
        int axis = wish % shape.rank() - (wish > 5 ? shape.rank() : 0);
        Tensor x = Draw.normal(seed, shape.dims());
        Tensor e = x.exp();
        assertNear(x.softmax(axis), e.div(e.sum(axis, true)), ROUNDING);
        assertNear(x.logSoftmax(axis).exp(), x.softmax(axis), ROUNDING);
        assertNear(x.sub(x.logSumExp(new int[] {axis}, true)), x.logSoftmax(axis), ROUNDING);
    }

    @Property(tries = 200)
    void cloneIsAnotherWithTheSameElements(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Draw.normal(seed, shape.dims()).requireGrad();
        double[] before = x.toArray();
        Tensor copy = x.clone();
        assertThat(copy.toArray()).isEqualTo(before);
        copy.sum().backward();
        assertThat(x.grad().toArray()).containsOnly(1);
        Tensor other = x.detach().clone();
        other.set(new double[x.size()]);
        assertThat(x.toArray()).isEqualTo(before);
    }

    @Property(tries = 200)
    void countingMakesTheNumbersOfItsEquation(
            @ForAll @DoubleRange(min = -5, max = 5) double start,
            @ForAll @DoubleRange(min = 0.01, max = 2) double step,
            @ForAll @IntRange(min = 1, max = 50) int n) {
        Tensor x = Tensor.arange(start, start + (n - 0.5) * step, step);
        Tensor down = Tensor.arange(start, start - (n - 0.5) * step, -step);
        Tensor line = Tensor.linspace(start, start + step, n);
        assertThat(x.shape()).isEqualTo(Shape.of(n));
        for (int i = 0; i < n; i++) {
            assertThat(x.get(i)).isEqualTo((float) (start + i * step));
            assertThat(down.get(i)).isEqualTo((float) (start - i * step));
            double expected = n == 1 ? start : start + step * i / (n - 1);
            assertThat(line.get(i))
                    .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-6)); // of 5, in float32
        }
        assertThat(line.get(0)).isEqualTo((float) start);
        assertThat(line.get(-1)).isEqualTo((float) (n == 1 ? start : start + step));
        assertThat(Tensor.arange(n).toArray())
                .isEqualTo(IntStream.range(0, n).asDoubleStream().toArray());
    }

    @Property(tries = 200)
    void onesStandWhereTheyShould(
            @ForAll @IntRange(min = 1, max = 9) int m, @ForAll @IntRange(min = 1, max = 9) int n, @ForAll long seed) {
        Tensor eye = Tensor.eye(m, n);
        Indices ids = Draw.indices(seed, n, m, 2);
        Tensor hot = Tensor.oneHot(ids, n);
        assertThat(hot.shape()).isEqualTo(Shape.of(m, 2, n));
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                assertThat(eye.get(i, j)).isEqualTo(i == j ? 1 : 0);
                assertThat(hot.get(i, 1, j)).isEqualTo(ids.get(2 * i + 1) == j ? 1 : 0);
            }
        }
        Tensor table = Draw.normal(seed, n, 3);
        Tensor looked = table.embedding(ids);
        assertNear(hot.to(DType.FLOAT64).reshape(2 * m, n).matmul(table).toArray(), looked.toArray(), ROUNDING);
        assertThat(Tensor.eye(n).toArray()).isEqualTo(Tensor.eye(n, n).toArray());
    }

    @Property(tries = 200)
    void likeAnotherMeansItsShapeAndType(
            @ForAll("shapes") Shape shape, @ForAll @DoubleRange(min = -9, max = 9) double value) {
        for (DType dtype : DType.values()) {
            Tensor x = Tensor.full(dtype, shape, 3);
            double stored = dtype == DType.FLOAT32 ? (float) value : value;
            for (Tensor y : new Tensor[] {Tensor.zerosLike(x), Tensor.onesLike(x), Tensor.fullLike(x, value)}) {
                assertThat(y.shape()).isEqualTo(shape);
                assertThat(y.dtype()).isEqualTo(dtype);
                assertThat(y.requiresGrad()).isFalse();
            }
            assertThat(Tensor.zerosLike(x).toArray()).containsOnly(0);
            assertThat(Tensor.onesLike(x).toArray()).containsOnly(1);
            assertThat(Tensor.fullLike(x, value).toArray()).containsOnly(stored);
        }
        assertThat(Tensor.full(value, shape.dims()).toArray()).containsOnly((float) value);
    }

    @Test
    void rowsMakeAMatrix() {
        assertThat(Tensor.of(new float[][] {{1, 2}, {3, 4}, {5, 6}}).shape()).isEqualTo(Shape.of(3, 2));
        Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
        assertThat(x.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(x.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        refused(
                () -> Tensor.of(new double[][] {{1, 2}, {3}}),
                "of: every row must have 2 elements like row 0; row 1 has 1");
        refused(() -> Tensor.of(new float[][] {{1, 2}, null}), "row 1 has -1");
        refused(
                () -> Tensor.of(new float[][] {{}, {}}),
                "every dimension must be at least 1; got [2, 0]"); // BAD-INPUT 2
        refused(() -> Tensor.of(new double[0][]), "at least 1");
        refused(() -> Tensor.of((float[][]) null), "of: rows must be given"); // BAD-INPUT 14
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor x = Tensor.ones(2, 3);
        refused(() -> x.unsqueeze(3), "unsqueeze: axis 3 is outside -3..2 for shape (2, 3)"); // BAD-INPUT 11
        refused(() -> x.unsqueeze(-4), "unsqueeze: axis -4");
        refused(() -> x.squeeze(2), "axis 2 is out of range");
        refused(
                () -> x.expand(-1, 2, 3),
                "every dimension must be at least 1; got [-1, 2, 3]"); // nothing to take it from
        refused(() -> x.expand((int[]) null), "expand: dimensions must be given"); // BAD-INPUT 14
        refused(() -> x.slice(0, 2), "slice: 2..2 is not a range"); // BAD-INPUT 12
        refused(() -> Tensor.stack(0), "stack: at least one tensor must be given");
        refused(
                () -> Tensor.stack(0, x, Tensor.ones(3)),
                "stack: shapes must be equal; got (2, 3) and (3,)"); // BAD-INPUT 13
        refused(() -> Tensor.stack(3, x, x), "unsqueeze: axis 3");
        refused(() -> Tensor.stack(0, x, null), "stack: tensor 1 must be given");
        refused(() -> Tensor.stack(0, x, x.to(DType.FLOAT64)), "types must be equal"); // BAD-INPUT 15
        refused(() -> Tensor.arange(0), "arange: from 0.0 to 0.0 in steps of 1.0 there must be at least 1 number");
        refused(() -> Tensor.arange(0, 1, 0), "arange: from 0.0 to 1.0 in steps of 0.0");
        refused(() -> Tensor.arange(0, 1, -1), "arange: from 0.0 to 1.0 in steps of -1.0");
        refused(() -> Tensor.arange(0, Double.NaN, 1), "NaN");
        refused(() -> Tensor.arange(0, 1e10, 1), "no more than a tensor can hold"); // BAD-INPUT 3
        refused(() -> Tensor.linspace(0, 1, 0), "linspace: there must be at least 1 number; got 0");
        refused(() -> Tensor.eye(0), "at least 1");
        refused(() -> Tensor.oneHot(Indices.of(0, 3), 3), "oneHot: index 3 at position 1 is outside 0..2");
        refused(() -> Tensor.oneHot(null, 3), "oneHot: indices must be given");
        refused(() -> Tensor.onesLike(null), "fullLike: a tensor must be given");
        refused(() -> x.newFull(null, 1), "newEmpty: a shape must be given");
    }

    @Provide
    static Arbitrary<Shape> shapes() {
        return Draw.shapes(0, 3);
    }
}
