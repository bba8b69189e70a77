package gradus.train.checkpoint;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Replaces a file as a whole: a reader sees either the old contents or the new ones, even after a crash. The
/// new contents are written to `NAME.tmp` beside the file and forced to the disk; then `NAME.tmp` is renamed
/// to `NAME` in one step.
public final class AtomicFile {
    private AtomicFile() {}

    /// Writes contents to a channel.
    @FunctionalInterface
    public interface Contents {
        void writeTo(FileChannel channel) throws IOException;
    }

    /// @throws ResourceException if the disk is full or refuses; the file is then as it was
    public static void write(Path file, Contents contents) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                contents.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (RuntimeException refused) { // by whoever makes the contents
            discard(temporary);
            throw refused;
        } catch (IOException failure) {
            discard(temporary);
            throw new ResourceException(
                    "%s: cannot be written: %s; what was there is unchanged".formatted(file, FileReason.of(failure)),
                    failure);
        }
        forceFolder(target.getParent());
    }

    /// Writes all that remains of a buffer; one call of a channel may write less.
    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException leftOver) {
            // The next write replaces it, and no reader looks at it.
        }
    }

    /// Forces the new name to the disk. Some systems do not allow this; there, the name reaches the disk a
    /// little later.
    static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notPossible) {
            // nothing is lost but the guarantee after a power cut
        }
    }
}
