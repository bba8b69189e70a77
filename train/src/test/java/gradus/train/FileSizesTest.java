package gradus.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A package that one can look over, a file that one can read in one go: in every module.
class FileSizesTest {
    private static final int MOST_FILES = 30;
    private static final int MOST_LINES = 400;

    /// The folder that holds all modules, found from the one that the test runs in.
    private static Path house() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("train/src/main/java"))) {
            folder = folder.getParent();
            assertThat(folder)
                    .as("a folder above this one that holds the modules")
                    .isNotNull();
        }
        return folder;
    }

    private static List<Path> mainFiles() throws IOException {
        try (Stream<Path> modules = Files.list(house())) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(FileSizesTest::javaFiles)
                    .toList();
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noPackageHasMoreThanThirtyFiles() throws IOException {
        Map<Path, Long> files =
                mainFiles().stream().collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        assertThat(files).hasSizeGreaterThan(40);
        assertThat(files.entrySet())
                .filteredOn(each -> each.getValue() > MOST_FILES)
                .isEmpty();
    }

    @Test
    void noFileHasMoreThanFourHundredLines() throws IOException {
        for (Path file : mainFiles()) {
            assertThat(Files.readAllLines(file).size()).as(file.toString()).isLessThanOrEqualTo(MOST_LINES);
        }
    }
}
