package gradus.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.Scope;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.kernel.vector.VectorKernels;
import gradus.tensor.memory.Backend;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The fast kernels do what the definition says, and always the same.
class KernelsAgreeTest {
    private static final int DRAWS = 100;
    private static final int LARGE_DRAWS = 4;

    private final Kernels definition = Nd4jKernels.get();
    private final Kernels fast = fast();

    @TestFactory
    Stream<DynamicTest> agreeOnRandomShapes() {
        return each(kernel -> {
            for (int seed = 0; seed < DRAWS; seed++) {
                compare(kernel, seed, false);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> agreeOnShapesThatAreSplitOverThreads() {
        return each(kernel -> {
            for (int seed = 0; seed < LARGE_DRAWS; seed++) {
                compare(kernel, seed, true);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> giveTheSameBitsAgain() {
        return each(kernel -> {
            for (int seed = 0; seed < 10; seed++) {
                boolean large = seed < 2;
                try (var scope = Scope.open()) {
                    List<float[]> first = bits(kernel.run(fast, seed, large));
                    List<float[]> second = bits(kernel.run(fast, seed, large));
                    for (int i = 0; i < first.size(); i++) {
                        assertThat(Arrays.equals(first.get(i), second.get(i)))
                                .as("seed %d, output %d", seed, i)
                                .isTrue();
                    }
                }
            }
        });
    }

    /// A kernel starts interpreted and is compiled while it runs: a sum over vector lanes in another order, or a
    /// library's exp in place of the processor's, would let training depend on when that happened. A JVM that may
    /// not compile kernels gives the results of the first; this one those after 20,000 calls.
    @Test
    void interpretedAndCompiledCodeGiveTheSameBits() throws IOException, InterruptedException {
        assumeTrue(fast != null, "this machine has no vector kernels");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent"))
                .toList());
        command.addAll(List.of(
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=exclude,gradus.tensor.kernel.*::*",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Interpreted.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        Map<String, String> interpreted = new TreeMap<>();
        printed.lines().filter(line -> line.startsWith("kernel\t")).forEach(line -> {
            String[] parts = line.split("\t");
            interpreted.put(parts[1], parts[2]);
        });
        Map<String, String> compiled = new TreeMap<>();
        KernelCases.all().forEach(kernel -> {
            try (var scope = Scope.open()) {
                Runnable call = kernel.prepare().apply(new Call(fast, Interpreted.SEED, false));
                for (int i = 0; i < 20_000; i++) {
                    call.run();
                }
                compiled.put(kernel.name(), Interpreted.hash(kernel.run(fast, Interpreted.SEED, false)));
            }
        });
        assertThat(interpreted).isEqualTo(compiled);
    }

    /// Prints what the kernels give in this JVM.
    static final class Interpreted {
        static final long SEED = 14;

        public static void main(String[] arguments) {
            KernelCases.all()
                    .forEach(kernel -> System.out.println(
                            "kernel\t" + kernel.name() + "\t" + hash(kernel.run(fast(), SEED, false))));
        }

        static String hash(Call call) {
            return Integer.toHexString(
                    bits(call).stream().map(Arrays::hashCode).toList().hashCode());
        }
    }

    private static Kernels fast() {
        return Backend.isCpu() && VectorKernels.available() ? new VectorKernels() : null;
    }

    private Stream<DynamicTest> each(java.util.function.Consumer<Case> check) {
        return KernelCases.all()
                .map(kernel -> dynamicTest(kernel.name(), () -> {
                    assumeTrue(fast != null, "this machine has no vector kernels");
                    check.accept(kernel);
                }));
    }

    private void compare(Case kernel, int seed, boolean large) {
        try (var scope = Scope.open()) {
            Call expected = kernel.run(definition, seed, large);
            Call actual = kernel.run(fast, seed, large);
            Agreement.compare(kernel.name(), seed, actual, expected);
        }
    }

    private static List<float[]> bits(Call call) {
        return call.outputs.stream().map(output -> output.buffer().toFloats()).toList();
    }
}
