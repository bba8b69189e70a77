package gradus.lessons.learn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileWatchTest {
    @TempDir
    Path folder;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Path file;
    private FileWatch watch;

    @BeforeEach
    void start() throws Exception {
        file = Files.createDirectories(folder.resolve("a/b")).resolve("File.java");
        Files.writeString(file, "one");
        watch = FileWatch.of(file, events::add);
    }

    @AfterEach
    void end() {
        watch.close();
    }

    private void assertNext(Event expected) throws Exception {
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    private void assertQuiet() throws Exception {
        assertThat(events.poll(700, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aSaveIsToldOnce() throws Exception {
        assertQuiet();
        for (int i = 0; i < 3; i++) {
            Files.writeString(file, "two, in several pieces " + i);
            Thread.sleep(5);
        }
        assertNext(new Event.Saved(file));
        assertQuiet();
    }

    @Test
    void aSaveByANewFileOfTheNameIsToldOnce() throws Exception {
        Path other = Files.writeString(folder.resolve("a/b/.File.swp"), "two");
        assertQuiet(); // another file
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertNext(new Event.Saved(file));
        Files.delete(file);
        Thread.sleep(60);
        Files.writeString(file, "three");
        assertNext(new Event.Saved(file));
        assertQuiet();
    }

    @Test
    void aFileThatIsGoneIsTold() throws Exception {
        Files.delete(file);
        assertNext(new Event.Gone(file));
        assertQuiet();
        Files.writeString(file, "again");
        assertNext(new Event.Saved(file));
    }

    @Test
    void aFolderThatIsGoneAndComesBack() throws Exception {
        Files.delete(file);
        Files.delete(file.getParent());
        assertNext(new Event.Gone(file));
        Files.createDirectories(file.getParent());
        Files.writeString(file, "again");
        assertNext(new Event.Saved(file));
        Files.writeString(file, "and again");
        assertNext(new Event.Saved(file));
    }
}
