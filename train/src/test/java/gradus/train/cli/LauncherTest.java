package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher as far as it goes without a build, since this test runs inside one.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "gradus").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Said(int code, String text) {}

    @Test
    void isSound() throws Exception {
        assertThat(LAUNCHER).isExecutable();
        assertThat(launch("auto", List.of("sh", "-n", LAUNCHER.toString()))).isEqualTo(new Said(0, ""));
    }

    @Test
    void findsItsFolderThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), LAUNCHER);
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("link"));
        Said said = launch("abacus", List.of("sh", relative.toString(), "--version"));
        assertThat(link).exists();
        assertThat(said).isEqualTo(new Said(1, "gradus: GRADUS_BACKEND must be cpu or cuda; got abacus\n"));
    }

    private Said launch(String backend, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("GRADUS_BACKEND", backend);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
