package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Text that cannot be learnt from. The exit code is 1: the command line was fine, the data was not.
///
/// BAD-INPUT 91, 93 and 96 are about formats that this command line does not read; 99 and 100 are about labels, which
/// text has none of.
class DataErrorsTest {
    @TempDir
    Path folder;

    @Test
    void missingFile() { // BAD-INPUT 88
        train(folder.resolve("none.txt")).assertOneLine(1, "none.txt", "does not exist");
    }

    @Test
    void emptyFile() throws Exception { // BAD-INPUT 89
        train(Files.createFile(folder.resolve("empty.txt"))).assertOneLine(1, "empty.txt", "is empty");
    }

    @Test
    void tooShort() throws Exception { // BAD-INPUT 90
        Path one = Files.writeString(folder.resolve("one.txt"), "x");
        train(one).assertOneLine(1, "one.txt", "training part", "0 tokens", "at least 9");
        Path few = Files.writeString(folder.resolve("few.txt"), "0123456789".repeat(5));
        train(few).assertOneLine(1, "few.txt", "validation part", "5 tokens", "at least 9");
    }

    @Test
    void vocabularyTooSmall() throws Exception { // BAD-INPUT 92
        train(Cli.text(folder), "--model.vocabSize=3").assertOneLine(2, "--model.vocabSize is 3");
    }

    @Test
    void giantLine() throws Exception { // BAD-INPUT 94
        Path file = Files.writeString(folder.resolve("line.txt"), "ab".repeat(1 << 17));
        Cli trained = train(file, "--train.evalEvery=0", "--steps", "1", "--model.context=64", "--train.batchSize=32");
        assertThat(trained.code()).as(trained.err()).isZero();
    }

    @Test
    void notUtf8() throws Exception { // BAD-INPUT 95
        byte[] latin1 = "one\ntwo\ncaf\u00e9 three".getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("latin1.txt"), latin1);
        train(file).assertOneLine(1, "latin1.txt:3", "0xE9", "offset 11");
        Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', '\n', (byte) 0xC3});
        train(cut).assertOneLine(1, "cut.txt:2", "offset 2");
    }

    @Test
    void aFolder() { // BAD-INPUT 97
        train(folder).assertOneLine(1, "is a folder");
    }

    @Test
    void nothingIsLeftBehind() {
        train(folder.resolve("none.txt"));
        assertThat(folder.resolve("run")).doesNotExist();
    }

    private Cli train(Path data, String... more) {
        return Cli.train(data, folder.resolve("run"), more);
    }
}
