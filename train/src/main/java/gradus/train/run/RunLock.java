package gradus.train.run;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps two trainings out of one folder. The file `run.lock` tells the process that works there; what counts
/// is the system's lock on it, which ends with the process however that ends. So a file that a killed process
/// left behind holds nobody up. A normal end removes it.
///
/// On Unix a process loses its lock as soon as it closes any handle of the file. So whoever holds it never
/// opens the file again: whether it is still there is asked without opening it, and a second training of the
/// same process is kept out by a list.
public final class RunLock implements AutoCloseable {
    static final String NAME = "run.lock";

    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    /// Beyond what is written: where locks keep others from reading, the process's number can still be read.
    private static final long LOCKED_BYTE = 1L << 40;

    /// So often another process may remove its file between our opening it and our locking it.
    private static final int TRIES = 100;

    private final Path file;
    private final Path place;
    private final FileChannel channel;
    private final Object identity;

    private RunLock(Path file, Path place, FileChannel channel, Object identity) {
        this.file = file;
        this.place = place;
        this.channel = channel;
        this.identity = identity;
    }

    /// @throws ResourceException if another process, or another training of this one, has the folder
    public static RunLock take(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            Path place = folder.toRealPath();
            if (!HELD_HERE.add(place)) {
                throw taken(folder, own());
            }
            RunLock lock = null;
            try {
                for (int attempt = 0; lock == null && attempt < TRIES; attempt++) {
                    lock = attempt(file, place);
                }
            } finally {
                if (lock == null) {
                    HELD_HERE.remove(place);
                }
            }
            if (lock == null) {
                throw new ResourceException(file + " cannot be locked: others keep taking and removing it");
            }
            return lock;
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be locked: " + FileReason.of(e), e);
        }
    }

    /// Whether a file is one of these locks.
    public static boolean isLock(Path file) {
        return file.endsWith(NAME);
    }

    /// Whether a process trains in a folder now, this one included. Of a folder that cannot be written to,
    /// nobody can tell; then it is taken for free.
    public static boolean isTaken(Path folder) {
        try {
            if (HELD_HERE.contains(folder.toRealPath())) {
                return true; // opening the file here would end our own lock on it
            }
            try (FileChannel channel = FileChannel.open(folder.resolve(NAME), StandardOpenOption.WRITE);
                    FileLock own = channel.tryLock(LOCKED_BYTE, 1, false)) {
                return own == null;
            }
        } catch (IOException nobody) {
            return false;
        }
    }

    /// Null if the file was removed meanwhile: a lock on it would keep nobody out.
    private static RunLock attempt(Path file, Path place) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException there) {
            // of another process, or left behind
        }
        Object identity = identity(file);
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (NoSuchFileException removed) {
            return null;
        }
        boolean taken = false;
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                String process = read(file);
                if (process == null) {
                    return null;
                }
                throw taken(file.getParent(), process);
            }
            if (identity == null || !identity.equals(identity(file))) {
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((own() + "\n").getBytes(StandardCharsets.US_ASCII)));
            taken = true;
            return new RunLock(file, place, channel, identity);
        } finally {
            if (!taken) {
                close(channel);
            }
        }
    }

    private static String own() {
        return String.valueOf(ProcessHandle.current().pid());
    }

    private static ResourceException taken(Path folder, String process) {
        return new ResourceException(
                "%s: process %s is training there; wait for it or choose another folder".formatted(folder, process));
    }

    /// What tells a file from another of the same name, without opening it; null if there is none.
    private static Object identity(Path file) throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.fileKey() != null ? attributes.fileKey() : attributes.creationTime();
        } catch (NoSuchFileException removed) {
            return null;
        }
    }

    /// The process that a file tells that is not ours, or null if there is no such file any more.
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

    /// Whether the file is still there: not if somebody removed or moved the folder.
    boolean isHeld() {
        try {
            return channel.isOpen() && identity.equals(identity(file));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /// For when the lock is no longer held.
    ///
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
        HELD_HERE.remove(place);
    }
}
