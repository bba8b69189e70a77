package gradus.tensor.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.ResourceException;
import gradus.tensor.Tensor;
import gradus.tensor.jvm.JvmFlagsTest.Program;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A JVM with too little memory to load the backend says so, each time it is asked, in one line.
class LittleMemoryTest {

    @Test
    void r35_aHeapOfEightMegabytesIsRefusedInOneLine() throws Exception { // BAD-INPUT 190
        Program program =
                Program.run(Main.class, Map.of(), "-Xmx8m", "--add-modules", "jdk.incubator.vector", JvmFlags.NATIVE);
        assertThat(program.printed().lines().filter(line -> line.startsWith("refused")))
                .hasSize(2)
                .allMatch(line -> line.contains(
                        "memory exhausted while ND4J started: the heap may take 8 MB; raise it" + " with -Xmx512m"));
        assertThat(program.errors()).doesNotContain("\tat ");
    }

    /// Asks twice.
    static final class Main {
        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    Tensor.of(new double[] {1, 2, 3}, 3).exp(); // float64 is for ND4J
                } catch (ResourceException refused) {
                    System.out.println("refused: " + refused.getMessage());
                }
            }
        }
    }
}
