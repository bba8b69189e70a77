package gradus.lessons.lab.inference;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine that does other things measures is not tested: that all is measured and told is.
class InferenceLabTest {
    @TempDir
    Path temporary;

    private LabRun run(String... sizes) {
        String[] all = new String[sizes.length + 3];
        all[0] = "inference";
        all[1] = "--out";
        all[2] = temporary.resolve("lab").toString();
        System.arraycopy(sizes, 0, all, 3, sizes.length);
        return LabRun.of(all);
    }

    @Test
    void everyPassHasItsRowAndTheRoofIsDrawn() {
        LabRun run = run("--dim", "64", "--heads", "4", "--layers", "2", "--longest", "64", "--rounds", "2");
        assertThat(run.failure()).isNull();
        List<String> lines = run.printed().lines().toList();
        assertThat(lines).filteredOn(line -> line.startsWith("| ")).hasSize(1 + 27);
        for (String pass :
                List.of("read 64", "behind 4", "8 texts", "5 tokens", "mqa", "window", "q8_0", "nf4, read 16")) {
            assertThat(lines)
                    .filteredOn(line -> line.contains(" | " + pass + " | "))
                    .hasSize(1);
        }
        assertThat(lines).filteredOn(line -> line.startsWith("**Prediction.**")).hasSize(3);
        assertThat(lines)
                .anyMatch(line -> line.matches(
                        ".*within 20 % of what was measured for \\d+ of 27 rows, the lowered one for \\d+\\."));
        assertThat(temporary.resolve("lab/roofline.png")).isNotEmptyFile();
        assertThat(temporary.resolve("lab/table.md")).hasContent(run.printed());
    }

    @Test
    void badOptionsAreNamed() {
        assertThat(run("--heads", "3").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("heads must be a multiple of 4; got 3");
        assertThat(run("--dim", "30", "--heads", "4").failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("dim must be divisible by heads; got dim=30, heads=4");
        assertThat(run("--dim", "-4").failure()).isInstanceOf(UsageException.class);
        assertThat(run("--rounds", "0").failure()).hasMessage("rounds must be at least 1; got 0");
        assertThat(temporary.resolve("lab")).doesNotExist();
    }
}
