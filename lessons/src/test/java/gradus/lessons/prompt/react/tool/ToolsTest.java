package gradus.lessons.prompt.react.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25;
import gradus.lessons.retrieve.search.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {
    @TempDir
    Path temporary;

    @Test
    void wordNet() {
        WordNetTool tool = new WordNetTool();
        assertThat(tool.use(" Tiger ")).contains("tiger, Panthera tigris: large feline", " (a kind of big cat)");
        assertThat(tool.use("run").lines()).hasSize(6).last().asString().matches("and \\d+ more");
        assertThat(tool.use("tigerish\nx")).isEqualTo("WordNet has no word tigerish\\nx");
        assertThat(tool.use("Paris")).contains("the capital and largest city of France");
    }

    @Test
    void search() {
        List<Document> documents =
                List.of(Document.of("cats", "Lions live in prides."), Document.of("tea", "Tea is made of leaves."));
        SearchTool tool = new SearchTool(
                new Bm25(documents, Analysis.english()),
                id -> documents.stream().filter(each -> each.id().equals(id)).findFirst(),
                2);
        assertThat(tool.use("Where do lions live?")).isEqualTo("[1] Lions live in prides.");
        assertThat(tool.use("whales")).isEqualTo("nothing was found");
        assertThatThrownBy(() -> new SearchTool(tool.retriever(), tool.documents(), 0))
                .isInstanceOf(ConfigException.class);
    }

    private FileReader reader() throws Exception {
        Path folder = Files.createDirectories(temporary.resolve("open/below"));
        Files.writeString(folder.resolve("notes.txt"), "Lions\nroar.");
        Files.writeString(temporary.resolve("secret.txt"), "hidden");
        return new FileReader(temporary.resolve("open"), 100);
    }

    @Test
    void filesOfTheFolderAreRead() throws Exception {
        assertThat(reader().use(" below/notes.txt ")).isEqualTo("Lions\nroar.");
        assertThat(reader().use("./below/./notes.txt")).isEqualTo("Lions\nroar.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    @Timeout(60)
    void nothingElseIsRead() throws Exception {
        FileReader reader = reader();
        Path open = temporary.resolve("open");
        Files.createSymbolicLink(open.resolve("link.txt"), temporary.resolve("secret.txt"));
        Files.createSymbolicLink(open.resolve("inner.txt"), open.resolve("below/notes.txt"));
        Files.createSymbolicLink(open.resolve("out"), temporary);
        Files.write(open.resolve("binary"), new byte[] {65, 0, 66});
        Files.write(open.resolve("latin1"), new byte[] {65, (byte) 0xe9});
        Files.writeString(open.resolve("large"), "x".repeat(101));
        Files.writeString(open.resolve("exact"), "x".repeat(100));
        new ProcessBuilder("mkfifo", open.resolve("pipe").toString()).start().waitFor();
        assertThat(reader.use("exact")).hasSize(100);
        for (String[] each : new String[][] {
            {"../secret.txt", "../secret.txt is refused: .. leads out"},
            {"below/../../secret.txt", "is refused: .. leads out"},
            {"below/../below/notes.txt", "is refused: .. leads out"},
            {temporary.resolve("secret.txt").toString(), "is refused: paths begin in the folder"},
            {"/etc/passwd", "/etc/passwd is refused: paths begin in the folder"},
            {"", " is refused: paths begin in the folder"},
            {"link.txt", "link.txt is refused: it is a link"},
            {"inner.txt", "inner.txt is refused: it is a link"},
            {"out/secret.txt", "out/secret.txt is refused: it is a link, or lies behind one"},
            {"out/open/below/notes.txt", "is refused: it is a link, or lies behind one"},
            {"a\0b", "a\\u0000b cannot be the name of a file"},
            {"none.txt", "there is no file none.txt"},
            {"below", "below is no file that can be read"},
            {".", ". is no file that can be read"},
            {"pipe", "pipe is no file that can be read"},
            {"binary", "binary is binary, no text"},
            {"latin1", "latin1 is no text in UTF-8"},
            {"large", "large is too large: at most 100 bytes are read"}
        }) {
            assertThatThrownBy(() -> reader.use(each[0]))
                    .as(each[0])
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(each[1])
                    .hasMessageNotContaining("hidden");
        }
        assertThatThrownBy(() -> new FileReader(temporary.resolve("none"), 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new FileReader(open, 0)).isInstanceOf(ConfigException.class);
    }

    /// What is long is cut, never inside of a character, and says so.
    @Test
    void longTextsAreCut() {
        Tool much = Tool.of("much", "x", input -> input);
        ToolRun run = new ToolRun(Duration.ofSeconds(5), 4);
        assertThat(run.of(much, "abcd")).isEqualTo("abcd");
        assertThat(run.of(much, "abcdefg")).isEqualTo("abcd\n… (3 more characters are left out)");
        assertThat(run.of(much, "abc\ud83d\ude00z")).isEqualTo("abc\n… (3 more characters are left out)");
        assertThat(run.of(much, " \n")).isEqualTo("nothing");
    }

    /// A tool that does not heed its interruption does not hold the program: it is still at work when the answer
    /// comes.
    @Test
    @Timeout(60)
    void aToolThatCannotBeStopped() {
        AtomicBoolean end = new AtomicBoolean();
        Tool deaf = Tool.of("deaf", "x", input -> {
            while (!end.get()) {
                Thread.onSpinWait();
            }
            return "late";
        });
        try {
            assertThat(new ToolRun(Duration.ofMillis(100), 99).of(deaf, ""))
                    .isEqualTo("Error: deaf took longer than 0.1 s and was stopped");
        } finally {
            end.set(true);
        }
    }

    @Test
    @Timeout(60)
    void whoWaitsCanBeInterrupted() {
        Tool patient = Tool.of("t", "x", input -> {
            new CountDownLatch(1).await(); // until it is interrupted too
            return "y";
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new ToolRun(Duration.ofDays(1), 99).of(patient, ""))
                .isInstanceOf(ResourceException.class)
                .hasMessage("interrupted while the tool t was at work");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void hiddenFilesAreNotRead() throws Exception {
        FileReader reader = reader();
        Files.writeString(temporary.resolve("open/.env"), "hidden");
        Files.createDirectories(temporary.resolve("open/.git"));
        Files.writeString(temporary.resolve("open/.git/config"), "hidden");
        for (String each : List.of(".env", "./.env", ".git/config", "below/.env")) {
            assertThatThrownBy(() -> reader.use(each))
                    .isInstanceOf(DataException.class)
                    .hasMessage(each + " is refused: names that begin with a point are hidden");
        }
    }

    /// Such files say that they have 0 bytes.
    @Test
    @EnabledOnOs(OS.LINUX)
    void filesOfUnknownSize() {
        assertThat(new FileReader(Path.of("/proc/sys/kernel"), 100).use("ostype"))
                .isEqualTo("Linux\n");
        assertThatThrownBy(() -> new FileReader(Path.of("/proc/sys/kernel"), 3).use("ostype"))
                .hasMessage("ostype is too large: at most 3 bytes are read");
    }

    @Test
    void timesThatAreTooLong() {
        assertThatThrownBy(() -> new ToolRun(Duration.ofSeconds(Long.MAX_VALUE), 10))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the time of a tool must be at most a day; got PT");
    }
}
