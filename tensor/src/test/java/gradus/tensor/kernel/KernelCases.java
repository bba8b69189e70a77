package gradus.tensor.kernel;

import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.memory.Destination;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.memory.Memory;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Shape;
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
            return run(new Call(kernels, seed, large));
        }

        Call run(Call call) {
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
        final Memory memory;

        /// They compute what a backward kernel takes from the forward pass.
        final Kernels forward;

        final List<Output> outputs = new ArrayList<>();
        final StringBuilder sizes = new StringBuilder();
        final boolean large;
        final Random random;
        private final Rng rng;
        private int inputs;

        /// In the host's memory, with a forward pass by the definition.
        Call(Kernels kernels, long seed, boolean large) {
            this(kernels, HostMemory.INSTANCE, Nd4jKernels.get(), seed, large);
        }

        Call(Kernels kernels, Memory memory, Kernels forward, long seed, boolean large) {
            this.kernels = kernels;
            this.memory = memory;
            this.forward = forward;
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
            return of(values);
        }

        /// These elements.
        Buffer of(float[] values) {
            Buffer buffer = uninitialized(values.length);
            buffer.set(values);
            return buffer;
        }

        /// For a forward pass to fill.
        Buffer uninitialized(int length) {
            return BufferPool.allocate(memory, DType.FLOAT32, length);
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
            Buffer buffer = of(values);
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
                        PointwiseCases.elementwise(),
                        PointwiseCases.gates(),
                        MovementCases.moves(),
                        MovementCases.rotations(),
                        ReductionCases.sums(),
                        ProductCases.products(),
                        QuantizedCases.decoding(),
                        NormCases.norms(),
                        SoftmaxCases.softmaxes(),
                        SoftmaxCases.losses(),
                        AttentionCases.attention(),
                        ManyBuffersCases.overManyBuffers())
                .flatMap(s -> s);
    }

    /// A shape that broadcasts to another: some of its axes are 1.
    static Shape shrunk(Call c, Shape shape) {
        int[] dims = shape.dims();
        for (int axis = 0; axis < dims.length; axis++) {
            dims[axis] = c.flag() ? dims[axis] : 1;
        }
        return Shape.of(dims);
    }
}
