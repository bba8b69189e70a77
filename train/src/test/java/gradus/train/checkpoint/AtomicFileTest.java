package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    private static AtomicFile.Contents text(String text) {
        return channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void replacesTheWhole() throws IOException {
        Path file = folder.resolve("file");
        AtomicFile.write(file, text("a long first version"));
        AtomicFile.write(file, text("short"));
        assertThat(file).hasContent("short");
        assertOnly(file);
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException { // BAD-INPUT 191
        Path file = folder.resolve("file");
        AtomicFile.write(file, text("before"));
        assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
                    text("half").writeTo(channel);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("No space left on device");
        assertThat(file).hasContent("before");
        assertOnly(file);
    }

    @Test
    void aLeftoverOfACrashIsReplaced() throws IOException { // BAD-INPUT 125
        Path file = folder.resolve("file");
        Files.writeString(folder.resolve("file.tmp"), "what a crash left, longer than what comes");
        AtomicFile.write(file, text("new"));
        assertThat(file).hasContent("new");
        assertOnly(file);
    }

    @Test
    void aFolderThatIsNotThere() {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("none/file"), text("x")))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("there is no such file or folder");
    }

    private void assertOnly(Path file) throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
