package gradus.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzerTest {
    @TempDir
    private Path folder;

    /// The number of a million that a build has time for; `gradus bench fuzz` reads as many as one likes.
    @Test
    void readersRefuseWhatIsDamaged() throws Exception {
        List<Target> targets = Targets.all(folder);
        Fuzzer fuzzer = new Fuzzer(targets, 1, Files.createDirectories(folder.resolve("damaged")));
        fuzzer.readSound();
        fuzzer.run(0, 8_000);
        assertThat(fuzzer.faults()).isEmpty();
        fuzzer.counts().forEach((name, counts) -> {
            assertThat(counts[0]).as(name).isGreaterThan(10);
            assertThat(counts[1]).as("%s: refused", name).isGreaterThan(counts[0] / 10);
        });
    }

    /// A reader with every fault that is looked for.
    @Test
    void aFaultyReaderIsFoundOut() throws Exception {
        Target faulty = new Target(
                "faulty",
                new LinkedHashMap<>(Map.of("x.txt", "[1, 2, 3, 4]".getBytes())),
                Set.of("x.txt"),
                false,
                own -> {
                    byte[] bytes = Files.readAllBytes(own.resolve("x.txt"));
                    switch (bytes.length % 6) {
                        case 0 -> {} // the sound file has 12 bytes
                        case 1 -> throw new IllegalStateException("raw");
                        case 2 -> throw new DataException("says not where");
                        case 3 -> throw new StackOverflowError();
                        case 4 -> throw new DataException(own + ": sound");
                        default -> {
                            long end = System.nanoTime() + 2_500_000_000L;
                            while (bytes.length == 11 && System.nanoTime() < end) {
                                Thread.onSpinWait();
                            }
                        }
                    }
                });
        Fuzzer fuzzer = new Fuzzer(List.of(faulty), 1, folder);
        fuzzer.readSound();
        fuzzer.run(0, 300);
        assertThat(String.join("\n", fuzzer.faults().keySet()))
                .contains(
                        "throws java.lang.IllegalStateException",
                        "throws java.lang.StackOverflowError",
                        "has a message that names no file")
                .doesNotContain("sound");
    }
}
