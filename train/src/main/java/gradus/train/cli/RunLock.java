package gradus.train.cli;

import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps two trainings out of one folder. The file `run.lock` tells the process that works there; what counts
/// is the system's lock on it, which ends with the process however that ends. So a file that a killed process
/// left behind holds nobody up.
record RunLock(FileChannel channel) implements AutoCloseable {
    static final String NAME = "run.lock";

    /// Beyond what is written: where locks keep others from reading, the process's number can still be read.
    private static final long LOCKED_BYTE = 1L << 40;

    /// @throws ResourceException if another process, or another training of this one, has the folder
    static RunLock take(Path folder) {
        Path file = folder.resolve(NAME);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new ResourceException("%s: process %s is training there; wait for it or choose another folder"
                        .formatted(folder, Files.readString(file).strip()));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new RunLock(channel);
        } catch (IOException e) {
            close(channel);
            throw new ResourceException(file + " cannot be locked: " + RunFolder.reason(e), e);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException thisProcess) {
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException nothingToLose) {
            // The lock ends with the process at the latest.
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
