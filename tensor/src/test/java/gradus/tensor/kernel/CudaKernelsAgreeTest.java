package gradus.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.Scope;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.cuda.Emulator;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The kernels for cards do what the definition says, on the emulated card: whatever the order of a block's threads.
class CudaKernelsAgreeTest {
    private static final int DRAWS = 8;
    private static final int LARGE_DRAWS = 1;

    private final Optional<Emulator> emulator = Emulator.start();

    @TestFactory
    Stream<DynamicTest> agreeInEveryOrderOfThreads() {
        return each((emulated, kernel) -> {
            for (int draw = 0; draw < DRAWS + LARGE_DRAWS; draw++) {
                boolean large = draw >= DRAWS;
                int seed = draw;
                try (var scope = Scope.open()) {
                    Call expected = new Call(Nd4jKernels.get(), seed, large);
                    List<Boolean> changed = changed(kernel, expected);
                    List<float[]> first = null;
                    for (int order = 0; order < (large ? 1 : Emulator.ORDERS); order++) {
                        emulated.order(large ? seed % Emulator.ORDERS : order);
                        Call actual = call(emulated, seed, large);
                        List<Boolean> also = changed(kernel, actual);
                        for (int i = 0; i < changed.size(); i++) {
                            assertThat(also.get(i) || !changed.get(i))
                                    .as("%s, seed %d, output %d counts as changed", kernel.name(), seed, i)
                                    .isTrue();
                        }
                        assertThat(emulated.complaint())
                                .as(kernel.name() + ", seed " + seed)
                                .isEmpty();
                        Agreement.compare(kernel.name() + ", order " + order, seed, actual, expected);
                        List<float[]> bits = actual.outputs.stream()
                                .map(output -> output.buffer().toFloats())
                                .toList();
                        first = first == null ? bits : first;
                        for (int i = 0; i < bits.size(); i++) {
                            assertThat(Arrays.equals(bits.get(i), first.get(i)))
                                    .as(
                                            "%s, seed %d, order %d, output %d: the same bits",
                                            kernel.name(), seed, order, i)
                                    .isTrue();
                        }
                    }
                }
            }
        });
    }

    private static Call call(Emulator emulated, long seed, boolean large) {
        Device device = emulated.device();
        Kernels kernels = device.kernels(DType.FLOAT32);
        return new Call(kernels, device.memory(), kernels, seed, large);
    }

    /// Runs a case; returns for each output whether the kernel said that it changed it. (A destination says so when it
    /// is made.)
    private static List<Boolean> changed(Case kernel, Call call) {
        Runnable run = kernel.prepare().apply(call);
        List<Integer> before = versions(call);
        run.run();
        List<Integer> after = versions(call);
        return IntStream.range(0, before.size())
                .mapToObj(i -> !before.get(i).equals(after.get(i)))
                .toList();
    }

    private static List<Integer> versions(Call call) {
        return call.outputs.stream().map(output -> output.buffer().version()).toList();
    }

    /// A check of one case.
    private interface Check {
        void check(Emulator emulated, Case kernel);
    }

    private Stream<DynamicTest> each(Check check) {
        return KernelCases.all()
                .map(kernel -> dynamicTest(kernel.name(), () -> {
                    assumeTrue(emulator.isPresent(), "the emulated card needs g++");
                    check.check(emulator.get(), kernel);
                }));
    }
}
