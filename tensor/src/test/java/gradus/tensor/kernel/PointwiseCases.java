package gradus.tensor.kernel;

import static gradus.tensor.kernel.KernelCases.shrunk;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;
import java.util.stream.Stream;

/// One element at a time, arithmetic with broadcasting, gated units.
final class PointwiseCases {
    private PointwiseCases() {}

    static Stream<Case> elementwise() {
        Stream<Case> unary = Stream.of(UnaryFunction.values())
                .flatMap(f -> Stream.of(
                        new Case(f.name(), c -> {
                            int n = c.rows() * (1 + c.size() / 8);
                            Buffer x = domain(c, f, n);
                            Buffer y = c.output("y", n);
                            return () -> c.kernels.pointwise().unary(f, x, y);
                        }),
                        new Case(f + " backward", c -> {
                            int n = c.rows() * (1 + c.size() / 8);
                            Buffer x = domain(c, f, n);
                            Buffer y = c.uninitialized(n);
                            c.forward.pointwise().unary(f, x, y);
                            Buffer dy = c.input(n);
                            Destination dx = c.destination("dx", n);
                            return () -> c.kernels.pointwise().unaryBackward(f, x, y, dy, dx);
                        })));
        return Stream.concat(
                Stream.of(
                        new Case("fill", c -> {
                            Buffer y = c.output("y", c.rows() * c.size());
                            return () -> c.kernels.pointwise().fill(y, 1.7);
                        }),
                        new Case("affine", c -> {
                            int n = c.rows() * c.size();
                            Buffer x = c.input(n);
                            Destination y = c.destination("y", n);
                            return () -> c.kernels.pointwise().affine(x, -0.3, 0.7, y);
                        }),
                        new Case("binary, equal shapes", c -> {
                            Shape shape = Shape.of(c.rows(), c.size());
                            Strided walk = Strided.contiguous(shape);
                            BinaryFunction f = c.pick(BinaryFunction.values());
                            Buffer a = operand(c, f, shape.size());
                            Buffer b = operand(c, f, shape.size());
                            Destination y = c.destination("y", shape.size());
                            return () -> c.kernels.pointwise().binary(f, a, walk, b, walk, y);
                        }),
                        new Case("binary, broadcast", c -> {
                            Shape shape = Shape.of(c.small(), c.rows(), c.small(), c.size());
                            Shape shapeA = shrunk(c, shape);
                            Shape shapeB = shrunk(c, shape);
                            BinaryFunction f = c.pick(BinaryFunction.values());
                            Buffer a = operand(c, f, shapeA.size());
                            Buffer b = operand(c, f, shapeB.size());
                            Destination y = c.destination("y", shape.size());
                            return () -> c.kernels
                                    .pointwise()
                                    .binary(
                                            f,
                                            a,
                                            Strided.broadcast(shapeA, shape),
                                            b,
                                            Strided.broadcast(shapeB, shape),
                                            y);
                        }),
                        new Case("binary, scalars", c -> {
                            Strided walk = Strided.contiguous(Shape.of());
                            Buffer a = c.input(1);
                            Buffer b = c.positive(1);
                            Destination y = c.destination("y", 1);
                            return () -> c.kernels.pointwise().binary(BinaryFunction.DIVIDE, a, walk, b, walk, y);
                        }),
                        new Case("dropout", c -> {
                            int n = c.rows() * c.size();
                            Buffer x = c.input(n);
                            Rng rng = Rng.of(n);
                            double p = c.pick(new Double[] {0.1, 0.5, 0.9, 1.0});
                            Destination y = c.destination("y", n);
                            return () -> c.kernels.dropout().dropout(x, rng, p, y);
                        })),
                unary);
    }

    static Stream<Case> gates() {
        return Stream.of(Gate.values())
                .flatMap(gate -> Stream.of(
                        new Case("gated by " + gate, c -> {
                            int n = c.rows() * (1 + c.size() / 8);
                            Buffer a = c.input(n);
                            Buffer b = c.input(n);
                            Buffer y = c.output("y", n);
                            return () -> c.kernels.gates().gated(gate, a, b, y);
                        }),
                        new Case("gated by " + gate + ", backward", c -> {
                            int n = c.rows() * (1 + c.size() / 8);
                            Buffer a = c.input(n);
                            Buffer b = c.input(n);
                            Buffer dy = c.input(n);
                            Destination da = c.maybe("da", n, 1);
                            Destination db = c.maybe("db", n, 1);
                            return () -> c.kernels.gates().gatedBackward(gate, a, b, dy, da, db);
                        })));
    }

    private static Buffer domain(Call c, UnaryFunction f, int n) {
        return switch (f) {
            case LOG, SQRT, RECIPROCAL, RSQRT, LOG1P -> c.positive(n);
            default -> c.input(n);
        };
    }

    /// An operand that a function is defined for; whole numbers from -2 to 2 where equal ones and zeros matter.
    private static Buffer operand(Call c, BinaryFunction f, int n) {
        return switch (f) {
            case ADD, SUBTRACT, MULTIPLY -> c.input(n);
            case DIVIDE, POWER -> c.positive(n);
            case MAXIMUM, MINIMUM, EQUAL, LESS, LESS_OR_EQUAL, KEEP_WHERE -> {
                int[] whole = c.indices(n, 5);
                float[] values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = whole[i] - 2;
                }
                yield c.of(values);
            }
        };
    }
}
