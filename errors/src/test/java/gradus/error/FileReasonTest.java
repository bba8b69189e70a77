package gradus.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReasonTest {
    @TempDir
    Path folder;

    private static String reason(ThrowingCallable action) {
        return FileReason.of(catchThrowableOfType(IOException.class, action));
    }

    @Test
    void r15_everyFailureOfTheSystemHasAReasonInWords() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThat(reason(() -> Files.readString(folder.resolve("none")))).isEqualTo("there is no such file or folder");
        assertThat(reason(() -> Files.createDirectory(file))).isEqualTo(file + " is a file");
        assertThat(reason(() -> Files.list(file))).isEqualTo(file + " is no folder");
        assertThat(reason(() -> Files.delete(folder))).isEqualTo("the folder is not empty");
        assertThat(reason(() -> Files.writeString(file.resolve("below"), ""))).isEqualTo("Not a directory");
        assertThat(FileReason.of(new EOFException())).isEqualTo("EOFException");
        assertThat(FileReason.of(new IOException("No space left on device"))).isEqualTo("No space left on device");
    }

    /// It used to be `cannot be written: null`.
    @Test
    void r15_anInterruptedThreadIsToldOf() throws IOException { // BAD-INPUT 200
        Path file = Files.writeString(folder.resolve("file"), "x");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Thread.currentThread().interrupt();
            assertThat(reason(() -> channel.write(ByteBuffer.allocate(1)))).isEqualTo("the thread was interrupted");
            Thread.interrupted();
            assertThat(reason(() -> channel.write(ByteBuffer.allocate(1)))).isEqualTo("it was closed");
        } finally {
            Thread.interrupted();
        }
    }
}
