package gradus.tensor.op;

import static gradus.tensor.Near.ROUNDING;
import static gradus.tensor.Near.assertEachNear;
import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ArithmeticTest extends OpTest {
    private enum Operation {
        ADD(Tensor::add, (a, b) -> a + b),
        SUB(Tensor::sub, (a, b) -> a - b),
        MUL(Tensor::mul, (a, b) -> a * b),
        DIV(Tensor::div, (a, b) -> a / b);

        final BinaryOperator<Tensor> tensors;
        final DoubleBinaryOperator numbers;

        Operation(BinaryOperator<Tensor> tensors, DoubleBinaryOperator numbers) {
            this.tensors = tensors;
            this.numbers = numbers;
        }
    }

    /// Two shapes that broadcast.
    record Pair(Shape a, Shape b) {}

    @Override
    protected List<Example> examples() {
        List<Pair> pairs = List.of(
                new Pair(Shape.of(3, 5), Shape.of(3, 5)),
                new Pair(Shape.of(2, 3, 4), Shape.of(4)),
                new Pair(Shape.of(3, 1), Shape.of(2, 1, 5)),
                new Pair(Shape.of(), Shape.of(2, 3)),
                new Pair(Shape.of(7), Shape.of(1)),
                new Pair(Shape.of(), Shape.of()));
        return Stream.of(Operation.values())
                .flatMap(operation -> pairs.stream()
                        .map(pair -> new Example(
                                operation + " " + pair,
                                x -> operation.tensors.apply(x[0], x[1]),
                                Draw.normal(1, pair.a.dims()),
                                Draw.awayFromZero(2, pair.b.dims()))))
                .toList();
    }

    @Property
    void broadcastsAsALoopDoes(@ForAll("pairs") Pair pair, @ForAll Operation operation, @ForAll long seed) {
        Tensor a = Draw.normal(seed, pair.a.dims());
        Tensor b = Draw.awayFromZero(seed + 1, pair.b.dims());
        Shape shape = Shape.broadcast("test", pair.a, pair.b);
        double[] expected = new double[shape.size()];
        double[] valuesA = a.toArray();
        double[] valuesB = b.toArray();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = operation.numbers.applyAsDouble(
                    valuesA[source(i, shape, pair.a)], valuesB[source(i, shape, pair.b)]);
        }
        // One rounding on either side.
        assertEachNear(operation.tensors.apply(a, b).toArray(), expected, 1e-15);
        Tensor narrow = operation.tensors.apply(a.to(DType.FLOAT32), b.to(DType.FLOAT32));
        assertEachNear(narrow.toArray(), expected, 1.2e-7);
    }

    /// The gradient by an input gathers what every place it was stretched to sends back.
    @Property
    void gradientsSumOverStretchedAxesAsALoopDoes(@ForAll("pairs") Pair pair, @ForAll long seed) {
        Tensor a = Draw.normal(seed, pair.a.dims()).requireGrad();
        Tensor b = Draw.awayFromZero(seed + 1, pair.b.dims()).requireGrad();
        Shape shape = Shape.broadcast("test", pair.a, pair.b);
        Tensor u = Draw.normal(seed + 2, shape.dims());
        a.mul(b).backward(u);
        double[] da = new double[a.size()];
        double[] db = new double[b.size()];
        for (int i = 0; i < shape.size(); i++) {
            int atA = source(i, shape, pair.a);
            int atB = source(i, shape, pair.b);
            da[atA] += u.toArray()[i] * b.toArray()[atB];
            db[atB] += u.toArray()[i] * a.toArray()[atA];
        }
        double terms = u.abs().sum().item() * Math.max(largest(a.toArray()), largest(b.toArray()));
        assertNear(a.grad().toArray(), da, ROUNDING, terms);
        assertNear(b.grad().toArray(), db, ROUNDING, terms);
    }

    @Property
    void obeysTheLawsOfArithmetic(@ForAll("pairs") Pair pair, @ForAll long seed) {
        Tensor a = Draw.normal(seed, pair.a.dims());
        Tensor b = Draw.awayFromZero(seed + 1, pair.b.dims());
        assertEachNear(a.add(b).toArray(), b.add(a).toArray(), 0);
        assertEachNear(a.mul(b).toArray(), b.mul(a).toArray(), 0);
        assertEachNear(a.sub(b).toArray(), a.add(b.neg()).toArray(), 0);
        assertNear(a.div(b).mul(b), a.add(b.mul(0)), ROUNDING);
        double terms = (largest(a.toArray()) + largest(b.toArray())) * largest(b.toArray());
        assertNear(a.add(b).mul(b).toArray(), a.mul(b).add(b.square()).toArray(), ROUNDING, terms);
        assertEachNear(a.add(2).toArray(), a.add(Tensor.of(new double[] {2}, 1)).toArray(), 0);
    }

    @Test
    void shapesThatDoNotBroadcastAreRefused() { // BAD-INPUT 7
        for (Operation operation : Operation.values()) {
            assertThatThrownBy(() -> operation.tensors.apply(Tensor.ones(2, 3), Tensor.ones(2)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining(operation.name().toLowerCase(java.util.Locale.ROOT))
                    .hasMessageContaining("(2, 3) and (2,)")
                    .hasMessageContaining("has sizes 3 and 2");
        }
    }

    @Test
    void mixedTypesAndNullAreRefused() { // BAD-INPUT 14, 15
        assertThatThrownBy(() -> Tensor.ones(2).add(Tensor.ones(2).to(DType.FLOAT64)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("FLOAT32 and FLOAT64")
                .hasMessageContaining("to(DType)");
        assertThatThrownBy(() -> Tensor.ones(2).mul(null))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("mul")
                .hasMessageContaining("null");
    }

    @Provide
    static Arbitrary<Pair> pairs() {
        return Draw.shapes(0, 4).flatMap(full -> {
            Arbitrary<Integer> mask = Arbitraries.integers().between(0, (1 << full.rank()) - 1);
            Arbitrary<Integer> cut = Arbitraries.integers().between(0, full.rank());
            return mask.flatMap(maskA -> mask.flatMap(
                    maskB -> cut.map(gone -> new Pair(shrink(full, maskA, 0), shrink(full, maskB, gone)))));
        });
    }

    /// The shape with the masked axes set to 1 and the first ones left out.
    private static Shape shrink(Shape full, int mask, int gone) {
        int[] dims = new int[full.rank() - gone];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (mask >> i & 1) == 1 ? 1 : full.dim(i + gone);
        }
        return Shape.of(dims);
    }

    /// Where the element that broadcasting puts at a place comes from.
    private static int source(int place, Shape shape, Shape from) {
        int at = 0;
        int stride = 1;
        for (int axis = 1; axis <= shape.rank(); axis++) {
            int index = place % shape.dim(-axis);
            place /= shape.dim(-axis);
            if (axis <= from.rank()) {
                at += from.dim(-axis) == 1 ? 0 : index * stride;
                stride *= from.dim(-axis);
            }
        }
        return at;
    }
}
