package gradus.train.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("b.txt", "a.txt", "c.md", "in/d.txt", "in/deep/e.txt", "f[1].txt")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), name);
        }
    }

    private List<String> found(String... named) {
        return DataFiles.named(List.of(named).stream()
                        .map(name -> folder.resolve(name).toString())
                        .toList())
                .stream()
                .map(file -> folder.relativize(file).toString())
                .toList();
    }

    @Test
    void globsNameFilesInAlphabeticalOrder() {
        assertThat(found("*.txt")).containsExactly("a.txt", "b.txt", "f[1].txt");
        assertThat(found("?.txt")).containsExactly("a.txt", "b.txt");
        assertThat(found("{c,a}.*")).containsExactly("a.txt", "c.md");
        assertThat(found("[ac].*")).containsExactly("a.txt", "c.md");
        assertThat(found("*/*.txt")).containsExactly("in/d.txt");
        assertThat(found("in/*")).containsExactly("in/d.txt"); // a folder is no file
        assertThat(found("i*/d*/*")).containsExactly("in/deep/e.txt");
        assertThat(found("**.txt")).containsExactly("a.txt", "b.txt", "f[1].txt", "in/d.txt", "in/deep/e.txt");
    }

    @Test
    void pathsKeepTheirOrderAndNoneComesTwice() {
        assertThat(found("c.md", "a.txt", "in/../c.md", "*.txt")).containsExactly("c.md", "a.txt", "b.txt", "f[1].txt");
        assertThat(found("f[1].txt")).containsExactly("f[1].txt"); // a file that is there is no glob
    }

    @Test
    void aRelativeNameIsOneOfThisFolder() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path file = Files.createTempFile(here, "data", ".rel");
        try {
            String name = file.getFileName().toString();
            assertThat(DataFiles.named(List.of(name))).containsExactly(file);
            assertThat(DataFiles.named(List.of(name.replace(".rel", ".r?l")))).containsExactly(file);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void eachOptionSaysWhatItTakes() {
        refused(() -> found("no.txt"), folder + "/no.txt does not exist; --data takes UTF-8 text files or globs");
        refused(
                () -> DataFiles.rows(List.of(folder + "/no.jsonl"), "--pairs"),
                "no.jsonl does not exist; --pairs takes JSONL files or globs");
        refused(
                () -> DataFiles.texts(List.of(folder + "/no.txt"), "--text"),
                "no.txt does not exist; --text takes UTF-8 text files or globs, or the word wordnet");
        assertThat(DataFiles.rows(List.of(folder + "/a.txt"), "--pairs")).containsExactly(folder.resolve("a.txt"));
        assertThat(DataFiles.texts(List.of(folder + "/a.txt"), "--text")).containsExactly(folder.resolve("a.txt"));
    }

    @Test
    void badNames() {
        refused(() -> DataFiles.named(List.of(" ")), "the name of a data file is empty");
        refused(() -> DataFiles.named(List.of("a\0b")), "is no name of a file");
        refused(() -> found("*.csv"), "*.csv matches no file");
        refused(() -> found("none/*.txt"), "none/*.txt matches no file");
        refused(() -> found("x[.txt"), "x[.txt is no glob");
        refused(() -> found("in"), "in is a folder; --data takes files: '" + folder + "/in/*.txt'");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDeviceIsNoFile() {
        refused(() -> DataFiles.named(List.of("/dev/null")), "/dev/null is a device or a pipe");
    }

    private static void refused(Runnable find, String message) {
        assertThatThrownBy(find::run).isInstanceOf(DataException.class).hasMessageContaining(message);
    }

    @Test
    void aTokenFileIsToldByItsFirstEightBytes() throws IOException {
        assertThat(isTokenFile("GRADTOK1")).isTrue();
        assertThat(isTokenFile("GRADTOK1 and more")).isTrue();
        assertThat(isTokenFile("GRADTOK")).isFalse();
        assertThat(isTokenFile("GRADTOK2")).isFalse();
        assertThat(isTokenFile("")).isFalse();
        refused(() -> DataFiles.isTokenFile(folder.resolve("gone")), "gone cannot be read: ");
    }

    private boolean isTokenFile(String text) throws IOException {
        return DataFiles.isTokenFile(Files.write(folder.resolve("tokens"), text.getBytes(StandardCharsets.US_ASCII)));
    }
}
