package gradus.lessons.learn.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `gradus shell`, fed by a pipe.
@Timeout(120)
class ShellTest {
    @TempDir
    Path folder;

    @Test
    void runsLinesFromAPipe() throws Exception {
        Process shell = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "gradus.lessons.learn.cli.Main",
                        "shell"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().write("""
                        var x = Tensor.ones(2, 2);
                        show(x.add(x))
                        List<Integer> some = List.of(1, 2);
                        show(some)
                        plot(1, 4, 9)
                        heat(x)
                        nonsense(1)
                        show(new double[] {1.5})
                        """.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .contains("Tensor(2, 2) FLOAT32", "[[2.000, 2.000]", "[1, 2]", "cannot find symbol", "[1.5]")
                .contains(
                        Path.of("pictures", "plot.png").toString(),
                        Path.of("pictures", "heat.png").toString());
        assertThat(folder.resolve("pictures/plot.png")).isNotEmptyFile();
        assertThat(Files.readAllBytes(folder.resolve("pictures/heat.png"))).startsWith(0x89, 'P', 'N', 'G');
    }
}
