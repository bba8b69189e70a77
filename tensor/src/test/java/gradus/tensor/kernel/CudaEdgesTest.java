package gradus.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.Scope;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.KernelCases.Output;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.NormKernels.NormGradients;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.kernel.cuda.Emulator;
import gradus.tensor.kernel.vector.VectorKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Sizes at which a card's kernels go another way, and numbers at the ends of float32, which random cases do not draw.
class CudaEdgesTest {
    private static final float INF = Float.POSITIVE_INFINITY;

    private final Optional<Emulator> emulator = Emulator.start();

    @TestFactory
    Stream<DynamicTest> agreeAtTheEdges() {
        List<Case> cases = new ArrayList<>();
        for (int columns : new int[] {1, 1024, 1025, 4096, 4097, 50_257}) {
            cases.addAll(rows(columns == 1 ? 5000 : 3, columns));
        }
        for (int[] mkn : new int[][] {
            {130, 20, 131}, // large tiles where they are many
            {385, 17, 390}, // large tiles where they are few
            {1, 1100, 9}, // few rows
            {5, 1026, 33},
            {16, 64, 8},
            {17, 1537, 5}, // K in pieces, the last one short
            {70, 2051, 66},
            {64, 16_384, 1}, // the most pieces
            {1, 1, 1}
        }) {
            for (int turned = 0; turned < 4; turned++) {
                int[] sizes = mkn;
                int how = turned;
                cases.add(new Case(
                        "matmul " + how + " of " + java.util.Arrays.toString(mkn), c -> matmul(c, sizes, how)));
            }
            cases.add(new Case("linear of " + java.util.Arrays.toString(mkn), c -> linear(c, mkn)));
        }
        cases.add(new Case("matmul of more matrices than blocks along z", c -> {
            int batch = 65_535 + 2;
            Matrix a = Matrix.of(c.input(batch), 1, 1).apart(1);
            Matrix b = Matrix.of(c.input(batch), 1, 1).apart(1);
            Matrix y = Matrix.of(c.output("y", batch), 1, 1).apart(1);
            return () -> c.kernels.products().matmul(batch, 1, a, b, 0, y);
        }));
        cases.addAll(indices());
        cases.addAll(manyBuffers());
        cases.addAll(sums());
        return cases.stream().map(kernel -> dynamicTest(kernel.name(), () -> agree(kernel)));
    }

    private void agree(Case kernel) {
        assumeTrue(emulator.isPresent(), "the emulated card needs g++");
        assumeTrue(VectorKernels.available(), "this machine has no vector kernels");
        Kernels fast = new VectorKernels();
        Device gpu = emulator.get().device();
        for (int seed = 0; seed < (kernel.name().endsWith("along z") ? 1 : 2); seed++) {
            try (var scope = Scope.open()) {
                Call expected = kernel.run(new Call(fast, HostMemory.INSTANCE, fast, seed, false));
                Kernels cuda = gpu.kernels(DType.FLOAT32);
                Call actual = kernel.run(new Call(cuda, gpu.memory(), cuda, seed, false));
                Agreement.compare(kernel.name(), seed, actual, expected);
                assertThat(emulator.get().complaint()).isEmpty();
            }
        }
    }

    private static List<Case> rows(int rows, int columns) {
        int n = rows * columns;
        String of = " of " + rows + " x " + columns;
        var targets = new CrossEntropyKernels.Targets(new int[rows], -100, 0.1);
        targets.classes()[rows - 1] = -100;
        targets.classes()[0] = columns - 1;
        return List.of(
                rowCase("softmax" + of, n, 1, (c, x, y) -> c.kernels.softmax().softmax(x, rows, columns, y)),
                rowCase(
                        "logSoftmax" + of,
                        n,
                        1,
                        (c, x, y) -> c.kernels.softmax().logSoftmax(x, rows, columns, y)),
                new Case("cross-entropy" + of, c -> {
                    Buffer x = c.input(n);
                    Buffer losses = c.output("losses", rows, 1);
                    Buffer lse = c.output("lse", rows, 1);
                    Buffer dlosses = c.input(rows);
                    Destination dx = c.destination("dx", n, 1);
                    var kernels = c.kernels.crossEntropy();
                    return () -> {
                        kernels.crossEntropy(x, rows, columns, targets, losses, lse);
                        kernels.crossEntropyBackward(x, rows, columns, targets, lse, dlosses, dx);
                    };
                }),
                new Case("softmax backward" + of, c -> {
                    Buffer x = c.input(n);
                    Buffer y = c.output("y", n);
                    Buffer dy = c.input(n);
                    Destination dx = c.destination("dx", n, 1);
                    Destination dlog = c.destination("dlog", n, Math.sqrt(columns));
                    return () -> {
                        c.kernels.softmax().softmax(x, rows, columns, y);
                        c.kernels.softmax().softmaxBackward(y, dy, rows, columns, dx);
                        c.kernels.softmax().logSoftmaxBackward(x, dy, rows, columns, dlog);
                    };
                }),
                new Case("norms" + of, c -> {
                    Buffer x = c.input(n);
                    Buffer gain = c.input(columns);
                    Buffer bias = c.input(columns);
                    Norm layer = new Norm(c.output("y", n), c.output("mean", rows, 1), c.output("rstd", rows));
                    Norm rms = new Norm(c.output("y", n), null, c.output("rstd", rows));
                    Buffer dy = c.input(n);
                    double terms = Math.sqrt(rows) * 2;
                    NormGradients gradients = new NormGradients(
                            c.destination("dx", n, 1),
                            c.destination("dgain", columns, terms),
                            c.destination("dbias", columns, terms));
                    return () -> {
                        c.kernels.norms().layerNorm(x, gain, bias, 1e-2, rows, columns, layer);
                        c.kernels.norms().rmsNorm(x, gain, 1e-2, rows, columns, rms);
                        c.kernels.norms().layerNormBackward(x, gain, layer, dy, rows, columns, gradients);
                    };
                }),
                rowCase(
                        "sum" + of,
                        rows,
                        Math.sqrt(columns),
                        n,
                        (c, x, y) -> c.kernels.reductions().reduce(Reduction.SUM, x, rows, columns, 1, y)),
                rowCase(
                        "max" + of,
                        rows,
                        0,
                        n,
                        (c, x, y) -> c.kernels.reductions().reduce(Reduction.MAX, x, rows, columns, 1, y)),
                rowCase(
                        "min of columns" + of,
                        columns,
                        0,
                        n,
                        (c, x, y) -> c.kernels.reductions().reduce(Reduction.MIN, x, 1, rows, columns, y)));
    }

    private interface RowCall {
        void run(Call c, Buffer x, Buffer y);
    }

    private static Case rowCase(String name, int n, double magnitude, RowCall call) {
        return rowCase(name, n, magnitude, n, call);
    }

    private static Case rowCase(String name, int results, double magnitude, int n, RowCall call) {
        return new Case(name, c -> {
            Buffer x = c.input(n);
            Buffer y = c.output("y", results, magnitude);
            return () -> call.run(c, x, y);
        });
    }

    private static Runnable matmul(Call c, int[] mkn, int turned) {
        Function<int[], Matrix> turn =
                s -> Matrix.of(c.input(s[0] * s[1]), s[1], s[0]).transpose();
        Matrix a = turned >= 2 ? turn.apply(mkn) : Matrix.of(c.input(mkn[0] * mkn[1]), mkn[0], mkn[1]);
        Matrix b = turned % 2 == 1
                ? turn.apply(new int[] {mkn[1], mkn[2]})
                : Matrix.of(c.input(mkn[1] * mkn[2]), mkn[1], mkn[2]);
        Buffer y = c.input(mkn[0] * mkn[2]);
        c.outputs.add(new Output("y", y, Math.sqrt(mkn[1])));
        return () -> c.kernels.products().matmul(1, 0.5, a, b, c.flag() ? 0.7 : 0, Matrix.of(y, mkn[0], mkn[2]));
    }

    private static Runnable linear(Call c, int[] mkn) {
        Matrix x = Matrix.of(c.input(mkn[0] * mkn[1]), mkn[0], mkn[1]);
        Matrix w = Matrix.of(c.input(mkn[1] * mkn[2]), mkn[2], mkn[1]);
        Buffer bias = c.input(mkn[2]);
        Buffer y = c.output("y", mkn[0] * mkn[2], Math.sqrt(mkn[1]));
        return () -> c.kernels.products().linear(x, w, bias, Matrix.of(y, mkn[0], mkn[2]));
    }

    private static List<Case> indices() {
        List<Case> cases = new ArrayList<>();
        for (int[] sizes : new int[][] {{1, 50_000, 3, 7}, {2, 9, 1, 1}, {1, 5, 4, 300}, {3, 1, 2, 33}}) {
            for (boolean equal : new boolean[] {false, true}) {
                String name = java.util.Arrays.toString(sizes) + (equal ? ", all equal" : "");
                cases.add(new Case("rows by number " + name, c -> {
                    int outer = sizes[0];
                    int n = sizes[1];
                    int inner = sizes[2];
                    int[] indices = c.indices(sizes[3], n);
                    if (equal) {
                        java.util.Arrays.fill(indices, n - 1);
                    }
                    Buffer x = c.input(outer * n * inner);
                    Buffer y = c.output("y", outer * indices.length * inner);
                    Destination dx = c.destination("dx", outer * n * inner, equal ? indices.length : 10);
                    return () -> {
                        c.kernels.movements().gather(x, outer, n, inner, indices, y);
                        c.kernels.movements().scatterAdd(y, outer, n, inner, indices, dx);
                    };
                }));
            }
        }
        return cases;
    }

    private static List<Case> manyBuffers() {
        List<Case> cases = new ArrayList<>();
        for (int count : new int[] {0, 500}) {
            for (int step : new int[] {1, 1_000_000}) {
                cases.add(new Case(count + " buffers at step " + step, c -> {
                    List<AdamWUpdate> updates = new ArrayList<>();
                    List<Buffer> xs = new ArrayList<>();
                    AdamWStep adamW = new AdamWStep(1e-2, 0.9, 0.999, 1e-8, 0.1, step);
                    for (int i = 0; i < count; i++) {
                        int n = i == 3 ? 16_385 : i == 4 ? 16_384 : 1 + i % 5;
                        Buffer p = c.input(n);
                        c.outputs.add(new Output("p", p, 0));
                        updates.add(new AdamWUpdate(adamW, p, c.input(n), c.input(n), c.positive(n)));
                        Buffer x = c.input(n);
                        c.outputs.add(new Output("x", x, 0));
                        xs.add(x);
                    }
                    Buffer sum = c.output("sum", 1);
                    return () -> {
                        c.kernels.optimizers().adamW(updates);
                        c.kernels.pointwise().scale(xs, 0.5);
                        sum.set(new double[] {c.kernels.reductions().sumOfSquares(xs)});
                    };
                }));
            }
        }
        return cases;
    }

    /// Long columns in pieces, and sums over axes that are not neighbours.
    private static List<Case> sums() {
        return List.of(
                rowCase(
                        "sum of long columns",
                        3 * 33,
                        Math.sqrt(700),
                        3 * 700 * 33,
                        (c, x, y) -> c.kernels.reductions().reduce(Reduction.SUM, x, 3, 700, 33, y)),
                rowCase(
                        "sum of very long columns",
                        5,
                        300,
                        70_000 * 5,
                        (c, x, y) -> c.kernels.reductions().reduce(Reduction.SUM, x, 1, 70_000, 5, y)),
                sumTo(Shape.of(3, 50, 4, 60), Shape.of(3, 1, 4, 1)),
                sumTo(Shape.of(3, 50, 4, 60), Shape.of(1, 50, 1, 60)),
                sumTo(Shape.of(20_000), Shape.of()),
                new Case("a rotation of 5 heads", c -> {
                    Buffer x = c.input(2 * 3 * 5 * 6);
                    int[] positions = {8, 0, 8, 1, 1, 2};
                    Destination y = c.destination("y", x.length());
                    Rotation rotation =
                            new Rotation(c.input(9 * 3), c.input(9 * 3), positions, 5, 6, RopePairs.NEIGHBOURS, true);
                    return () -> c.kernels.rope().rotate(x, rotation, y);
                }));
    }

    private static Case sumTo(Shape from, Shape to) {
        return new Case("sum of " + from + " to " + to, c -> {
            Buffer x = c.input(from.size());
            Destination y = c.destination("y", to.size(), Math.sqrt(from.size() / to.size()));
            return () -> c.kernels.reductions().sumTo(x, Strided.broadcast(to, from), -2, y);
        });
    }

    @Test
    void theSameElementsAreDroppedAsOnTheHost() {
        onTheCard(c -> {
            int n = 20_000;
            for (double p : new double[] {0, 0.1, 0.5, 1}) {
                for (long key : new long[] {0, -1, 12345}) {
                    Rng rng = Rng.of(key);
                    Buffer y = c.output("y", n);
                    c.kernels.dropout().dropout(c.input(n), rng, p, new Destination(y, false));
                    float[] dropped = y.toFloats();
                    for (int i = 0; i < n; i++) {
                        assertThat(dropped[i] == 0).as("p %s, element %d", p, i).isEqualTo(rng.uniform(i) < p);
                    }
                }
            }
        });
    }

    @Test
    void everyBinaryFunctionTakesEveryPairOfExtremes() {
        float[] ends = {
            0, -0f, 1, -1, 2.5f, -3, 1e-40f, Float.MIN_VALUE, 88, -104, 1e30f, Float.MAX_VALUE, INF, -INF, Float.NaN
        };
        int n = ends.length * ends.length;
        float[] a = new float[n];
        float[] b = new float[n];
        for (int i = 0; i < n; i++) {
            a[i] = ends[i / ends.length];
            b[i] = ends[i % ends.length];
        }
        Strided walk = Strided.contiguous(Shape.of(n));
        onTheCard(c -> {
            for (BinaryFunction f : BinaryFunction.values()) {
                Buffer y = c.of(new float[n]);
                c.kernels.pointwise().binary(f, c.of(a), walk, c.of(b), walk, new Destination(y, false));
                float[] got = y.toFloats();
                for (int i = 0; i < n; i++) {
                    double wanted = exact(f, a[i], b[i]);
                    assertThat(got[i] == (float) wanted
                                    || Double.isNaN(wanted) && Float.isNaN(got[i])
                                    || Math.abs(got[i] - wanted) <= 1e-6 * Math.abs(wanted))
                            .as("%s of %s and %s: expected %s, got %s", f, a[i], b[i], (float) wanted, got[i])
                            .isTrue();
                }
            }
        });
    }

    private static double exact(BinaryFunction f, double a, double b) {
        return switch (f) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case POWER -> a == 1 || Math.abs(a) == 1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
            case EQUAL -> a == b ? 1 : 0;
            case LESS -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> a <= b ? 1 : 0;
            case KEEP_WHERE -> b != 0 ? a : -0.0;
        };
    }

    /// A row of -∞ becomes zeros, NaN stays NaN, in short rows and long ones.
    @Test
    void rowsOfInfinityAndNaN() {
        onTheCard(c -> {
            for (int columns : new int[] {3, 40, 1100}) {
                float[] x = new float[3 * columns];
                java.util.Arrays.fill(x, 0, columns, -INF);
                x[2 * columns - 1] = Float.NaN;
                x[3 * columns - 1] = -INF;
                Buffer y = c.of(new float[3 * columns]);
                c.kernels.softmax().softmax(c.of(x), 3, columns, y);
                float[] soft = y.toFloats();
                c.kernels.softmax().logSoftmax(c.of(x), 3, columns, y);
                float[] log = y.toFloats();
                Buffer largest = c.of(new float[3]);
                c.kernels.reductions().reduce(Reduction.MAX, c.of(x), 3, columns, 1, largest);
                assertThat(largest.toFloats()).containsExactly(-INF, Float.NaN, 0);
                for (int i = 0; i < columns; i++) {
                    assertThat(soft[i]).isZero();
                    assertThat(log[i]).isEqualTo(-INF);
                    assertThat(soft[columns + i]).isNaN();
                    assertThat(log[columns + i]).isNaN();
                }
                assertThat(soft[3 * columns - 1]).isZero();
                assertThat(log[3 * columns - 1]).isEqualTo(-INF);
                assertThat(soft[2 * columns])
                        .isCloseTo(1f / (columns - 1), org.assertj.core.api.Assertions.within(1e-6f));
            }
        });
    }

    private void onTheCard(Consumer<Call> check) {
        assumeTrue(emulator.isPresent(), "the emulated card needs g++");
        Device gpu = emulator.get().device();
        Kernels cuda = gpu.kernels(DType.FLOAT32);
        try (var scope = Scope.open()) {
            check.accept(new Call(cuda, gpu.memory(), cuda, 1, false));
        }
        assertThat(emulator.get().complaint()).isEmpty();
    }
}
