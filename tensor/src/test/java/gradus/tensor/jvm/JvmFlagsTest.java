package gradus.tensor.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Backend;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/// What somebody gets who uses the library as any other, knowing of no option.
class JvmFlagsTest {

    @Test
    void u2_withoutAnyFlagOpenMpHasOneThreadAndOneLineSaysWhatIsMissing() throws Exception {
        Program program = Program.run(Map.of());
        assertThat(program.printed).contains("kernels=nd4j", "openmp=1", "blas=1", "sum=6.0");
        assertThat(program.ourLines()).hasSize(1);
        assertThat(program.ourLines().getFirst())
                .contains("start the JVM with --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED")
                .containsPattern("train some [0-9]+ times")
                .containsPattern("embed some [0-9]+ times");
    }

    @Test
    void u2_onlyWhatIsMissingIsNamed() throws Exception {
        Program program = Program.run(Map.of(), JvmFlags.NATIVE);
        assertThat(program.ourLines()).hasSize(1);
        assertThat(program.ourLines().getFirst()).contains(JvmFlags.VECTOR).doesNotContain(JvmFlags.NATIVE);
    }

    @Test
    void u2_withTheFlagsNothingIsSaid() throws Exception {
        Program program = Program.run(Map.of(), "--add-modules", "jdk.incubator.vector", JvmFlags.NATIVE);
        assertThat(program.printed).contains("kernels=vector", "openmp=1", "sum=6.0");
        assertThat(program.ourLines()).isEmpty();
    }

    @Test
    void u2_whoeverChoosesForThemselvesIsObeyedInSilence() throws Exception {
        Program program = Program.run(Map.of("OMP_NUM_THREADS", "3"), "-Dgradus.kernels=nd4j");
        assertThat(program.printed).contains("kernels=nd4j", "openmp=3");
        assertThat(program.ourLines()).isEmpty();
    }

    /// A small program in a JVM of its own.
    record Program(String printed, String errors) {

        static Program run(Map<String, String> environment, String... flags) throws IOException, InterruptedException {
            return run(Main.class, environment, flags);
        }

        static Program run(Class<?> main, Map<String, String> environment, String... flags)
                throws IOException, InterruptedException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(Arrays.asList(flags));
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    main.getName()));
            Path errors = Files.createTempFile("gradus", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
            for (String name : List.of("OMP_NUM_THREADS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
                builder.environment().remove(name);
            }
            builder.environment().putAll(environment);
            try {
                Process process = builder.start();
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                String said = Files.readString(errors);
                assertThat(process.waitFor()).as(said).isZero();
                return new Program(printed, said);
            } finally {
                Files.delete(errors);
            }
        }

        /// The lines that speak of a missing flag, the JVM's own left out.
        List<String> ourLines() {
            return errors.lines()
                    .filter(line -> line.contains("vector kernels"))
                    .toList();
        }
    }

    /// Computes something, twice over, and tells how.
    static final class Main {
        public static void main(String[] arguments) throws InterruptedException {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                sum = Tensor.of(new float[] {1, 2, 3}, 3).sum().item();
            }
            Backend.start(); // with the vector kernels nothing has yet
            int here = NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
            int[] elsewhere = new int[1];
            Thread other = new Thread(() -> elsewhere[0] =
                    NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads());
            other.start();
            other.join();
            int threads = Math.max(here, elsewhere[0]);
            System.out.printf(
                    Locale.ROOT,
                    "kernels=%s openmp=%d blas=%d sum=%s%n",
                    Kernels.of(DType.FLOAT32).name(),
                    threads,
                    Nd4j.factory().blas().getMaxThreads(),
                    sum);
        }
    }
}
