package gradus.train.cli;

import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps two trainings out of one folder. The file `run.lock` tells the process that works there; what counts
/// is the system's lock on it, which ends with the process however that ends. So a file that a killed process
/// left behind holds nobody up. A normal end removes it.
record RunLock(Path file, FileChannel channel) implements AutoCloseable {
    static final String NAME = "run.lock";

    /// Beyond what is written: where locks keep others from reading, the process's number can still be read.
    private static final long LOCKED_BYTE = 1L << 40;

    /// So often another process may remove its file between our opening it and our locking it.
    private static final int TRIES = 100;

    /// @throws ResourceException if another process, or another training of this one, has the folder
    static RunLock take(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                RunLock lock = attempt(folder, file);
                if (lock != null) {
                    return lock;
                }
            }
            throw new ResourceException(file + " cannot be locked: others keep taking and removing it");
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be locked: " + RunFolder.reason(e), e);
        }
    }

    /// Null if the file was removed meanwhile: a lock on it would keep nobody out.
    private static RunLock attempt(Path folder, Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (lock(channel) == null) {
                String process = read(file);
                if (process == null) {
                    return null;
                }
                throw new ResourceException("%s: process %s is training there; wait for it or choose another folder"
                        .formatted(folder, process));
            }
            String own = String.valueOf(ProcessHandle.current().pid());
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((own + "\n").getBytes(StandardCharsets.US_ASCII)));
            taken = own.equals(read(file));
            return taken ? new RunLock(file, channel) : null;
        } finally {
            if (!taken) {
                close(channel);
            }
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException thisProcess) {
            return null;
        }
    }

    /// The process that the file tells, or null if there is no such file any more.
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException removed) {
            return null;
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException nothingToLose) {
            // The lock ends with the process at the latest.
        }
    }

    /// Whether the file is still there and tells this process: not if somebody removed or moved the folder.
    boolean isHeld() {
        try {
            return String.valueOf(ProcessHandle.current().pid()).equals(read(file));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /// @throws ResourceException if another training has taken the folder's place
    void requireNobodyElse() {
        try {
            String process = read(file);
            if (process != null && !process.isEmpty()) {
                throw new ResourceException("%s: was removed, and process %s trains there now; this training ends"
                        .formatted(file.getParent(), process));
            }
        } catch (IOException unreadable) {
            // as if there were none
        }
    }

    /// Removes the file while it is still locked, so that nobody can have taken it in between.
    @Override
    public void close() {
        try {
            if (isHeld()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftOver) {
            // It holds nobody up.
        }
        close(channel);
    }
}
