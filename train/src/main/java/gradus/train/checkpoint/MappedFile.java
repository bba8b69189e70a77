package gradus.train.checkpoint;

import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/// Looks at a part of a file as memory: the system reads the pages that are touched, and nothing is copied
/// first.
final class MappedFile {
    private MappedFile() {}

    /// The size of a file.
    ///
    /// @throws DataException if there is no such file
    static long size(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DataException(file + (Files.exists(file) ? ": is not a file" : ": no such file"));
        }
        try {
            return Files.size(file);
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    /// A copy of `length` bytes from `begin`: for what is small.
    ///
    /// @throws CorruptCheckpointException if the file has become shorter than that
    static byte[] read(Path file, long begin, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, begin + bytes.position()) < 0) {
                    throw tooShort(file, channel.size(), begin, length);
                }
            }
            return bytes.array();
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    /// What a function makes of `length` bytes from `begin`. The memory is unmapped afterwards.
    ///
    /// @throws CorruptCheckpointException if the file has become shorter than that
    static <T> T look(Path file, long begin, long length, Function<MemorySegment, T> reader) {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() - begin < length) {
                throw tooShort(file, channel.size(), begin, length);
            }
            return reader.apply(channel.map(FileChannel.MapMode.READ_ONLY, begin, length, arena));
        } catch (IOException failure) {
            throw unreadable(file, failure);
        }
    }

    private static CorruptCheckpointException tooShort(Path file, long size, long begin, long length) {
        return new CorruptCheckpointException(
                "%s: ends at byte %s; %s bytes were expected from byte %s".formatted(file, size, length, begin));
    }

    private static ResourceException unreadable(Path file, IOException failure) {
        return new ResourceException("%s: cannot be read: %s".formatted(file, FileReason.of(failure)), failure);
    }
}
