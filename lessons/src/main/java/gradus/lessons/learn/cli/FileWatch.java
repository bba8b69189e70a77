package gradus.lessons.learn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Tells when a file was saved, or is gone.
///
/// What counts is the file itself: its time, its size and its inode, looked at four times a second. The file
/// system's events only wake the watch sooner; so nothing is missed where there are none, as on a network
/// drive, and an editor may write in place or put a new file in the old one's stead.
final class FileWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;
    /// What a save that comes in several pieces may take from one to the next.
    private static final long QUIET_MILLIS = 25;
    /// What an editor may take between removing the old file and naming the new one, or emptying a file and
    /// filling it.
    private static final long GONE_MILLIS = 300;
    /// File systems whose events do not tell of what other machines write.
    private static final Set<String> REMOTE =
            Set.of("nfs", "nfs4", "cifs", "smb3", "9p", "drvfs", "vboxsf", "virtiofs");

    private record Stamp(FileTime time, long size, Object inode) {}

    private final Path file;
    private final Consumer<Event> events;
    private final Thread thread;
    private final WatchService service;
    private Stamp seen;
    private volatile boolean closed;

    private FileWatch(Path file, Consumer<Event> events) {
        this.file = file;
        this.events = events;
        this.service = register(file.toAbsolutePath().getParent());
        this.seen = stamp();
        this.thread = Thread.ofPlatform().daemon().name("watch").unstarted(this::run);
    }

    /// Watches until closed, from the file as it is at this moment on.
    static FileWatch of(Path file, Consumer<Event> events) {
        FileWatch watch = new FileWatch(file, events);
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try (service) {
            watch(file.toAbsolutePath().getParent());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            events.accept(new Event.Note("the file cannot be watched: " + e.getMessage() + "; c checks it"));
        }
    }

    /// Null where the file system tells nothing.
    private WatchService register(Path folder) {
        try {
            String type = Files.getFileStore(folder).type();
            if (REMOTE.contains(type) || type.startsWith("fuse")) {
                told(type + " does not tell of every change");
                return null;
            }
            WatchService service = folder.getFileSystem().newWatchService();
            register(service, folder);
            return service;
        } catch (IOException | UnsupportedOperationException e) {
            told("the file system does not tell of changes");
            return null;
        }
    }

    private void told(String why) {
        events.accept(new Event.Note(why + ", so the file is looked at four times a second"));
    }

    private static void register(WatchService service, Path folder) throws IOException {
        folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    }

    private void watch(Path folder) throws InterruptedException {
        boolean there = seen != null;
        while (!closed) {
            sleep(folder);
            Stamp now = settled(seen);
            if (closed) {
                return;
            }
            if (now == null && there) {
                events.accept(new Event.Gone(file));
            } else if (now != null && !now.equals(seen)) {
                events.accept(new Event.Saved(file));
            }
            there = now != null;
            seen = now;
        }
    }

    /// Until something happens in the folder, a quarter of a second at most.
    private void sleep(Path folder) throws InterruptedException {
        if (service == null) {
            Thread.sleep(LOOK_MILLIS);
            return;
        }
        WatchKey key = service.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            if (!key.reset()) { // the folder was removed; perhaps it is there again
                try {
                    register(service, folder);
                } catch (IOException gone) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
        }
    }

    /// The file as it is once nothing changes any more; null if it is gone for longer than an editor's save
    /// takes.
    private Stamp settled(Stamp before) throws InterruptedException {
        Stamp now = stamp();
        if (now != null && now.equals(before) || now == null && before == null) {
            return now;
        }
        long waited = 0;
        for (Stamp last = null; ; last = now, now = stamp()) {
            boolean half = now == null || now.size == 0;
            if (half ? waited >= GONE_MILLIS : now.equals(last)) {
                return now;
            }
            Thread.sleep(QUIET_MILLIS);
            waited += QUIET_MILLIS;
        }
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey())
                    : null;
        } catch (IOException gone) {
            return null;
        }
    }
}
