package gradus.tensor.kernel;

import gradus.tensor.DType;
import gradus.tensor.Rng;
import gradus.tensor.Shape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.CrossEntropyKernels.Targets;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.NormKernels.NormGradients;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.HostMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/// Every kernel on random float32 inputs, to be run by one implementation or the other.
final class KernelCases {
    private KernelCases() {}

    /// A kernel whose sizes and inputs come from a [Call]; what it returns calls the kernel.
    record Case(String name, Function<Call, Runnable> prepare) {
        /// The results of one call on fresh inputs.
        Call run(Kernels kernels, long seed, boolean large) {
            Call call = new Call(kernels, seed, large);
            prepare.apply(call).run();
            return call;
        }
    }

    /// What a kernel wrote.
    ///
    /// @param magnitude what its terms amount to, where the result itself may be smaller because they cancel
    record Output(String name, Buffer buffer, double magnitude) {}

    /// Sizes and inputs, all drawn from one seed: the same seed gives the same call.
    static final class Call {
        final Kernels kernels;
        final List<Output> outputs = new ArrayList<>();
        final StringBuilder sizes = new StringBuilder();
        private final boolean large;
        private final Random random;
        private final Rng rng;
        private int inputs;

        Call(Kernels kernels, long seed, boolean large) {
            this.kernels = kernels;
            this.large = large;
            this.random = new Random(seed);
            this.rng = Rng.of(seed);
        }

        /// 1, odd sizes, powers of two and their neighbours.
        int size() {
            int[] sizes = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 64, 65};
            return noted(sizes[random.nextInt(sizes.length)]);
        }

        int small() {
            return noted(1 + random.nextInt(5));
        }

        /// The number of rows or elements: large enough to be split over threads if so wished.
        int rows() {
            return large ? noted(2000 + random.nextInt(3000)) : size();
        }

        /// The length of a sequence: long enough for several tiles if so wished.
        int time() {
            return large ? noted(70 + random.nextInt(100)) : size();
        }

        boolean flag() {
            return noted(random.nextInt(2)) == 1;
        }

        <T> T pick(T[] values) {
            T picked = values[random.nextInt(values.length)];
            sizes.append(picked).append(' ');
            return picked;
        }

        private int noted(int number) {
            sizes.append(number).append(' ');
            return number;
        }

        /// Standard normal elements.
        Buffer input(int length) {
            Rng stream = rng.at(inputs++);
            float[] values = new float[length];
            for (int i = 0; i < length; i++) {
                values[i] = (float) stream.gaussian(i);
            }
            Buffer buffer = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, length);
            buffer.set(values);
            return buffer;
        }

        /// Elements of size 0.5 to 2.5.
        Buffer positive(int length) {
            Buffer buffer = input(length);
            float[] values = buffer.toFloats();
            for (int i = 0; i < length; i++) {
                values[i] = 0.5f + 2 * (float) rng.uniform(i);
            }
            buffer.set(values);
            return buffer;
        }

        int[] indices(int length, int bound) {
            Rng stream = rng.at(inputs++);
            int[] values = new int[length];
            for (int i = 0; i < length; i++) {
                values[i] = stream.index(i, bound);
            }
            return values;
        }

        /// Memory that the kernel must write all of: it holds NaN.
        Buffer output(String name, int length, double magnitude) {
            float[] values = new float[length];
            java.util.Arrays.fill(values, Float.NaN);
            Buffer buffer = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, length);
            buffer.set(values);
            outputs.add(new Output(name, buffer, magnitude));
            return buffer;
        }

        Buffer output(String name, int length) {
            return output(name, length, 0);
        }

        /// A place for a gradient: half the time to be added to, else to be written all over.
        Destination destination(String name, int length, double magnitude) {
            if (flag()) {
                Buffer buffer = input(length);
                outputs.add(new Output(name, buffer, magnitude));
                return new Destination(buffer, true);
            }
            return new Destination(output(name, length, magnitude), false);
        }

        Destination destination(String name, int length) {
            return destination(name, length, 0);
        }

        /// One of four times nobody wants this gradient.
        Destination maybe(String name, int length, double magnitude) {
            return noted(random.nextInt(4)) == 0 ? null : destination(name, length, magnitude);
        }
    }

    static Stream<Case> all() {
        return Stream.of(
                        elementwise(),
                        gates(),
                        moves(),
                        rotations(),
                        sums(),
                        products(),
                        norms(),
                        softmaxes(),
                        losses(),
                        attention(),
                        overManyBuffers())
                .flatMap(s -> s);
    }

    private static Stream<Case> elementwise() {
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
                            Buffer y = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, n);
                            Nd4jKernels.get().pointwise().unary(f, x, y);
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

    private static Stream<Case> gates() {
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

    private static Stream<Case> moves() {
        return Stream.of(
                new Case("copy, permuted on either side", c -> {
                    int[] dims = {c.small(), c.rows(), c.small(), c.size()};
                    int n = Shape.of(dims).size();
                    Strided walkX = permuted(c, dims);
                    Strided walkY = permuted(c, dims);
                    Buffer x = c.input(n);
                    Destination y = c.destination("y", n);
                    return () -> c.kernels.movements().copy(x, walkX, 0.5, walkY, y);
                }),
                new Case("copy, transposed", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Strided walk = new Strided(new int[] {columns, rows}, 0, new int[] {1, columns});
                    Buffer x = c.input(rows * columns);
                    Destination y = c.destination("y", rows * columns);
                    Strided plain = Strided.contiguous(Shape.of(columns, rows));
                    return () -> c.kernels.movements().copy(x, walk, 1, plain, y);
                }),
                new Case("copy, sliced", c -> {
                    int rows = c.rows();
                    int whole = 3 + c.size();
                    int part = whole - 2;
                    Strided cut = new Strided(new int[] {rows, part}, 1, new int[] {whole, 1});
                    Strided plain = Strided.contiguous(Shape.of(rows, part));
                    Buffer x = c.input(rows * whole);
                    Destination y = c.destination("y", rows * part);
                    Buffer back = c.input(rows * whole);
                    c.outputs.add(new Output("back", back, 0));
                    Buffer dy = c.input(rows * part);
                    return () -> {
                        c.kernels.movements().copy(x, cut, 1, plain, y);
                        c.kernels.movements().copy(dy, plain, 2, cut, new Destination(back, true));
                    };
                }),
                new Case("copy, broadcast", c -> {
                    Shape shape = Shape.of(c.small(), c.rows(), c.size());
                    Shape from = shrunk(c, shape);
                    Buffer x = c.input(from.size());
                    Destination y = c.destination("y", shape.size());
                    return () -> c.kernels
                            .movements()
                            .copy(x, Strided.broadcast(from, shape), 1, Strided.contiguous(shape), y);
                }),
                new Case("indexSelect", c -> {
                    int outer = c.small();
                    int n = c.size();
                    int inner = c.size();
                    int[] indices = c.indices(c.rows(), n);
                    Buffer x = c.input(outer * n * inner);
                    Buffer y = c.output("y", outer * indices.length * inner);
                    return () -> c.kernels.movements().gather(x, outer, n, inner, indices, y);
                }),
                new Case("scatterAdd", c -> {
                    int outer = c.small();
                    int n = c.size();
                    int inner = c.size();
                    int[] indices = c.indices(c.rows(), n);
                    Buffer dy = c.input(outer * indices.length * inner);
                    Destination dx = c.destination("dx", outer * n * inner, Math.sqrt(1.0 * indices.length / n));
                    return () -> c.kernels.movements().scatterAdd(dy, outer, n, inner, indices, dx);
                }));
    }

    private static Stream<Case> rotations() {
        return Stream.of(RopePairs.values())
                .map(pairs -> new Case("rotate " + pairs, c -> {
                    int batch = c.flag() ? 1 : 2;
                    int time = c.rows();
                    int heads = c.flag() ? 1 : 3;
                    int half = c.size();
                    int n = batch * time * heads * 2 * half;
                    int table = c.size();
                    int[] positions = c.indices(c.flag() ? batch * time : time, table);
                    Buffer x = c.input(n);
                    Rotation rotation = new Rotation(
                            c.input(table * half), c.input(table * half), positions, heads, 2 * half, pairs, c.flag());
                    Destination y = c.destination("y", n);
                    return () -> c.kernels.rope().rotate(x, rotation, y);
                }));
    }

    private static Stream<Case> sums() {
        return Stream.of(
                new Case("reduce", c -> {
                    int outer = c.small();
                    int n = c.rows();
                    int inner = c.size();
                    Reduction reduction = c.pick(Reduction.values());
                    Buffer x = c.input(outer * n * inner);
                    Buffer y = c.output("y", outer * inner, Math.sqrt(n));
                    return () -> c.kernels.reductions().reduce(reduction, x, outer, n, inner, y);
                }),
                new Case("reduce the last axis", c -> {
                    int outer = c.rows();
                    int n = c.size();
                    Reduction reduction = c.pick(Reduction.values());
                    Buffer x = c.input(outer * n);
                    Buffer y = c.output("y", outer, Math.sqrt(n));
                    return () -> c.kernels.reductions().reduce(reduction, x, outer, n, 1, y);
                }),
                new Case("sumTo", c -> {
                    Shape shape = Shape.of(c.small(), c.rows(), c.small(), c.size());
                    Shape to = shrunk(c, shape);
                    Buffer x = c.input(shape.size());
                    Destination y = c.destination("y", to.size(), Math.sqrt(1.0 * shape.size() / to.size()));
                    return () -> c.kernels.reductions().sumTo(x, Strided.broadcast(to, shape), 0.5, y);
                }),
                new Case("sumTo a row", c -> {
                    Shape shape = Shape.of(c.rows(), c.size());
                    Shape to = Shape.of(shape.last());
                    Buffer x = c.input(shape.size());
                    Destination y = c.destination("y", to.size(), Math.sqrt(shape.dim(0)));
                    return () -> c.kernels.reductions().sumTo(x, Strided.broadcast(to, shape), 1, y);
                }));
    }

    private static Stream<Case> products() {
        return Stream.of(
                new Case("matmul", c -> matmul(c, false)),
                new Case("matmul, result shared by the batch", c -> matmul(c, true)),
                new Case("linear", c -> {
                    int rows = c.rows();
                    int in = c.size();
                    int out = c.size();
                    Buffer x = c.input(rows * in);
                    Buffer w = c.input(out * in);
                    Buffer bias = c.flag() ? c.input(out) : null;
                    Buffer y = c.output("y", rows * out, Math.sqrt(in));
                    return () -> c.kernels
                            .products()
                            .linear(Matrix.of(x, rows, in), Matrix.of(w, out, in), bias, Matrix.of(y, rows, out));
                }));
    }

    private static Runnable matmul(Call c, boolean sharedResult) {
        int batch = c.small();
        int m = c.rows();
        int k = c.size();
        int n = c.size();
        Matrix a = matrix(c, c.input(batch * m * k), m, k, c.flag(), c.flag());
        Matrix b = matrix(c, c.input(batch * k * n), k, n, c.flag(), c.flag());
        boolean transposed = c.flag();
        double beta = c.pick(new Double[] {0.0, 1.0, 0.5});
        Buffer result;
        double magnitude = Math.sqrt((sharedResult ? batch : 1) * k);
        int length = (sharedResult ? 1 : batch) * m * n;
        if (beta == 0) {
            result = c.output("c", length, magnitude);
        } else {
            result = c.input(length);
            c.outputs.add(new Output("c", result, magnitude));
        }
        Matrix product = transposed ? Matrix.of(result, n, m).transpose() : Matrix.of(result, m, n);
        Matrix target = product.apart(sharedResult ? 0 : m * n);
        return () -> c.kernels.products().matmul(batch, 1.5, a, b, beta, target);
    }

    private static Matrix matrix(Call c, Buffer buffer, int rows, int columns, boolean transposed, boolean shared) {
        Matrix matrix = transposed ? Matrix.of(buffer, columns, rows).transpose() : Matrix.of(buffer, rows, columns);
        return matrix.apart(shared ? 0 : rows * columns);
    }

    private static Stream<Case> norms() {
        return Stream.of(
                new Case("layerNorm", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Buffer gain = c.input(columns);
                    Buffer bias = c.input(columns);
                    Norm norm =
                            new Norm(c.output("y", rows * columns), c.output("mean", rows, 1), c.output("rstd", rows));
                    return () -> c.kernels.norms().layerNorm(x, gain, bias, 1e-2, rows, columns, norm);
                }),
                new Case("rmsNorm", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Buffer gain = c.input(columns);
                    Norm norm = new Norm(c.output("y", rows * columns), null, c.output("rstd", rows));
                    return () -> c.kernels.norms().rmsNorm(x, gain, 1e-2, rows, columns, norm);
                }),
                new Case("layerNorm backward", c -> normBackward(c, true)),
                new Case("rmsNorm backward", c -> normBackward(c, false)));
    }

    private static Runnable normBackward(Call c, boolean layer) {
        int rows = c.rows();
        int columns = c.size();
        Buffer x = c.input(rows * columns);
        Buffer gain = c.input(columns);
        Buffer mean = layer ? c.input(rows) : null;
        Norm norm = new Norm(null, mean, c.positive(rows));
        Buffer dy = c.input(rows * columns);
        // Some factors of about 2 in each of rows terms.
        double magnitude = 2 * Math.sqrt(rows);
        NormGradients gradients = new NormGradients(
                c.maybe("dx", rows * columns, 1),
                c.maybe("dgain", columns, magnitude),
                layer ? c.maybe("dbias", columns, magnitude) : null);
        return () -> {
            if (layer) {
                c.kernels.norms().layerNormBackward(x, gain, norm, dy, rows, columns, gradients);
            } else {
                c.kernels.norms().rmsNormBackward(x, gain, norm, dy, rows, columns, gradients);
            }
        };
    }

    private static Stream<Case> softmaxes() {
        return Stream.of(
                new Case("softmax", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = withEmptyRow(c, rows, columns);
                    Buffer y = c.output("y", rows * columns);
                    return () -> c.kernels.softmax().softmax(x, rows, columns, y);
                }),
                new Case("softmax backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer y = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, rows * columns);
                    Nd4jKernels.get().softmax().softmax(c.input(rows * columns), rows, columns, y);
                    Buffer dy = c.input(rows * columns);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () -> c.kernels.softmax().softmaxBackward(y, dy, rows, columns, dx);
                }),
                new Case("logSoftmax", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = withEmptyRow(c, rows, columns);
                    Buffer y = c.output("y", rows * columns, 1);
                    return () -> c.kernels.softmax().logSoftmax(x, rows, columns, y);
                }),
                new Case("logSoftmax backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer y = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, rows * columns);
                    Nd4jKernels.get().softmax().logSoftmax(c.input(rows * columns), rows, columns, y);
                    Buffer dy = c.input(rows * columns);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () -> c.kernels.softmax().logSoftmaxBackward(y, dy, rows, columns, dx);
                }));
    }

    private static Stream<Case> losses() {
        return Stream.of(
                new Case("crossEntropy", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Targets targets = targets(c, rows, columns);
                    Buffer losses = c.output("losses", rows, 1);
                    Buffer lse = c.output("lse", rows, 1);
                    return () -> c.kernels.crossEntropy().crossEntropy(x, rows, columns, targets, losses, lse);
                }),
                new Case("crossEntropy backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Targets targets = targets(c, rows, columns);
                    Buffer lse = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, rows);
                    Buffer losses = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, rows);
                    Nd4jKernels.get().crossEntropy().crossEntropy(x, rows, columns, targets, losses, lse);
                    Buffer dlosses = c.input(rows);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () ->
                            c.kernels.crossEntropy().crossEntropyBackward(x, rows, columns, targets, lse, dlosses, dx);
                }));
    }

    private static Stream<Case> attention() {
        return Stream.of(
                new Case("attention", c -> {
                    AttentionShape s = attentionShape(c);
                    AttentionInput in = attentionInput(c, s);
                    Buffer out = c.output("out", s.batch() * s.queries() * s.heads() * s.headDim(), 1);
                    Buffer lse = c.output("lse", s.batch() * s.heads() * s.queries(), 1);
                    return () -> c.kernels.attention().attention(s, in, new AttentionOutput(out, lse));
                }),
                new Case("attention backward", c -> {
                    AttentionShape s = attentionShape(c);
                    AttentionInput in = attentionInput(c, s);
                    int size = s.batch() * s.queries() * s.heads() * s.headDim();
                    int rows = s.batch() * s.heads() * s.queries();
                    AttentionOutput saved = new AttentionOutput(
                            BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, size),
                            BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, rows));
                    Nd4jKernels.get().attention().attention(s, in, saved);
                    AttentionOutput upstream = new AttentionOutput(c.input(size), c.flag() ? c.input(rows) : null);
                    boolean accumulate = c.flag();
                    double terms = Math.sqrt(s.batch() * Math.min(s.queries(), s.keys()));
                    HeadGradients gradients = new HeadGradients(
                            gradient(c, "dq", in.q(), accumulate, 1),
                            gradient(c, "dk", in.k(), accumulate, 1),
                            gradient(c, "dv", in.v(), accumulate, 1),
                            accumulate,
                            in.bias() == null ? null : c.maybe("dbias", s.heads() * s.distances(), terms));
                    return () -> c.kernels.attention().attentionBackward(s, in, saved, upstream, gradients);
                }),
                new Case("attention, several tiles", c -> {
                    int time = c.large ? 70 : 3;
                    int keys = c.large ? 1100 : 20;
                    KeyMask mask = c.pick(new KeyMask[] {KeyMask.causal(), new Comb(130, 9), new Comb(3, 2)});
                    AttentionShape s = new AttentionShape(1, time, keys, 2, 1, 4, 0.5, mask);
                    AttentionInput in = attentionInput(c, s);
                    AttentionOutput saved =
                            new AttentionOutput(c.output("out", time * 8, 1), c.output("lse", 2 * time, 1));
                    AttentionOutput upstream = new AttentionOutput(c.input(time * 8), c.input(2 * time));
                    HeadGradients gradients = new HeadGradients(
                            gradient(c, "dq", in.q(), false, 1),
                            gradient(c, "dk", in.k(), false, 1),
                            gradient(c, "dv", in.v(), false, 1),
                            false,
                            in.bias() == null ? null : c.destination("dbias", 2 * s.distances(), 1));
                    return () -> {
                        c.kernels.attention().attention(s, in, saved);
                        c.kernels.attention().attentionBackward(s, in, saved, upstream, gradients);
                    };
                }),
                new Case("attention, packed", c -> {
                    int batch = c.small();
                    int time = c.time();
                    int heads = c.small();
                    int dim = c.pick(new Integer[] {1, 3, 8, 16, 32});
                    int channels = heads * dim;
                    AttentionShape s = new AttentionShape(
                            batch, time, time, heads, heads, dim, 1 / Math.sqrt(dim), KeyMask.causal());
                    Buffer qkv = c.input(batch * time * 3 * channels);
                    Buffer out = c.output("out", batch * time * channels, 1);
                    Buffer lse = c.output("lse", batch * heads * time, 1);
                    Buffer dout = c.input(batch * time * channels);
                    Destination dqkv = c.destination("dqkv", batch * time * 3 * channels, 1);
                    AttentionInput in = new AttentionInput(third(s, qkv, 0), third(s, qkv, 1), third(s, qkv, 2));
                    Buffer d = dqkv.buffer();
                    HeadGradients gradients =
                            new HeadGradients(third(s, d, 0), third(s, d, 1), third(s, d, 2), dqkv.accumulate());
                    AttentionOutput saved = new AttentionOutput(out, lse);
                    return () -> {
                        c.kernels.attention().attention(s, in, saved);
                        c.kernels
                                .attention()
                                .attentionBackward(s, in, saved, new AttentionOutput(dout, null), gradients);
                    };
                }));
    }

    private static Stream<Case> overManyBuffers() {
        return Stream.of(
                new Case("adamW", c -> {
                    List<AdamWUpdate> updates =
                            Stream.generate(() -> adamW(c)).limit(c.small()).toList();
                    return () -> c.kernels.optimizers().adamW(updates);
                }),
                new Case("sumOfSquares", c -> {
                    List<Buffer> xs = Stream.generate(() -> c.input(c.rows() * c.size()))
                            .limit(c.small())
                            .toList();
                    Buffer y = c.output("y", 1);
                    return () -> y.set(new double[] {c.kernels.reductions().sumOfSquares(xs)});
                }),
                new Case("scale", c -> {
                    List<Buffer> xs = Stream.generate(() -> c.input(c.rows() * c.size()))
                            .limit(c.small())
                            .toList();
                    xs.forEach(x -> c.outputs.add(new Output("x", x, 0)));
                    return () -> c.kernels.pointwise().scale(xs, 0.7);
                }));
    }

    private static AdamWUpdate adamW(Call c) {
        int n = c.rows() * c.size();
        Buffer parameter = c.input(n);
        Buffer m = c.input(n);
        Buffer v = c.positive(n);
        c.outputs.add(new Output("parameter", parameter, 0));
        c.outputs.add(new Output("m", m, 0));
        c.outputs.add(new Output("v", v, 0));
        AdamWStep step = new AdamWStep(1e-2, 0.9, 0.99, 1e-8, 0.1, 1 + c.small() * c.small());
        return new AdamWUpdate(step, parameter, c.input(n), m, v);
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
                Buffer buffer = BufferPool.allocate(HostMemory.INSTANCE, DType.FLOAT32, n);
                int[] whole = c.indices(n, 5);
                float[] values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = whole[i] - 2;
                }
                buffer.set(values);
                yield buffer;
            }
        };
    }

    /// A shape that broadcasts to another: some of its axes are 1.
    private static Shape shrunk(Call c, Shape shape) {
        int[] dims = shape.dims();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = c.flag() ? dims[axis] : 1;
        }
        return Shape.of(dims);
    }

    /// A walk in the order of these dimensions through memory that is laid out in another order.
    private static Strided permuted(Call c, int[] dims) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        java.util.Collections.shuffle(order, c.random);
        int[] strides = new int[4];
        int stride = 1;
        for (int axis : order) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        c.sizes.append(order).append(' ');
        return new Strided(dims, 0, strides);
    }

    private static Buffer withEmptyRow(Call c, int rows, int columns) {
        Buffer x = c.input(rows * columns);
        if (c.flag()) {
            float[] values = x.toFloats();
            java.util.Arrays.fill(values, 0, columns, Float.NEGATIVE_INFINITY);
            values[values.length - 1] = Float.NEGATIVE_INFINITY;
            x.set(values);
        }
        return x;
    }

    private static Targets targets(Call c, int rows, int columns) {
        int[] classes = c.indices(rows, columns);
        if (c.flag()) {
            for (int row = 0; row < rows; row += 3) {
                classes[row] = -100;
            }
        }
        return new Targets(classes, -100, c.pick(new Double[] {0.0, 0.1}));
    }

    private static AttentionShape attentionShape(Call c) {
        int kvHeads = c.small();
        int dim = c.pick(new Integer[] {1, 2, 5, 8, 16, 24, 32, 33, 64});
        KeyMask mask = c.pick(new KeyMask[] {
            KeyMask.full(),
            KeyMask.causal(),
            new Band(3),
            new Band(20),
            new Comb(5, 2),
            new Comb(90, 7),
            new Differing()
        });
        return new AttentionShape(
                c.small(), c.time(), c.time(), kvHeads * c.small(), kvHeads, dim, 1 / Math.sqrt(dim), mask);
    }

    /// Half the time with a bias.
    private static AttentionInput attentionInput(Call c, AttentionShape s) {
        return new AttentionInput(
                heads(c, s, s.queries(), s.heads()),
                heads(c, s, s.keys(), s.kvHeads()),
                heads(c, s, s.keys(), s.kvHeads()),
                c.flag() ? c.input(s.heads() * s.distances()) : null);
    }

    /// A query sees the keys less than `width` places before it; every seventh sees none.
    private record Band(int width) implements KeyMask {
        @Override
        public void see(Query query) {
            if (query.index() % 7 != 3) {
                int from = Math.clamp(query.index() - width, 0, query.keys());
                query.sees(from, Math.min(query.index() + 1, query.keys()));
            }
        }
    }

    /// A query sees some keys in every so many, from where it stands among them.
    private record Comb(int period, int teeth) implements KeyMask {
        @Override
        public void see(Query query) {
            for (int from = query.index() % period; from < query.keys(); from += period) {
                query.sees(from, Math.min(from + teeth, query.keys()));
            }
        }
    }

    /// Every head of every sequence sees something else.
    private record Differing() implements KeyMask {
        @Override
        public void see(Query query) {
            int skipped = (3 * query.sequence() + 5 * query.head() + query.index()) % query.keys();
            query.sees(0, skipped);
            query.sees(skipped + 1, query.keys());
        }

        @Override
        public boolean bySequence() {
            return true;
        }

        @Override
        public boolean byHead() {
            return true;
        }
    }

    /// Heads inside rows that hold something else too, of sequences with other rows between them.
    private static Heads heads(Call c, AttentionShape s, int time, int heads) {
        int extra = c.small() - 1;
        int stride = heads * s.headDim() + 2 * extra;
        int batchStride = (time + c.small() - 1) * stride;
        return new Heads(c.input(s.batch() * batchStride), extra, stride, batchStride);
    }

    /// A gradient laid out like what it belongs to, with numbers that must stay between the rows.
    private static Heads gradient(Call c, String name, Heads like, boolean accumulate, double magnitude) {
        Buffer buffer = c.input(like.buffer().length());
        c.outputs.add(new Output(name, buffer, magnitude));
        return new Heads(buffer, like.offset(), like.stride(), like.batchStride());
    }

    private static Heads third(AttentionShape s, Buffer packed, int which) {
        int channels = s.heads() * s.headDim();
        return new Heads(packed, which * channels, 3 * channels, s.queries() * 3 * channels);
    }
}
