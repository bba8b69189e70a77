package gradus.lessons.lab.positions;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabFolder;
import gradus.train.run.compare.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The experiments with models that learn nothing in a few steps: what is tested is that they run through, and
/// say what their numbers say.
class PositionsLabTest {
    private static final Training FEW = new Training(2, 1e-3);

    @TempDir
    Path temporary;

    private List<String> lines(LabPart part) {
        Path folder = temporary.resolve("lab");
        LabSetting setting = new LabSetting(
                new LabFolder(folder), new Material(folder.resolve("material"), line -> {}), 1, 2, line -> {});
        return part.run(setting).lines().toList();
    }

    private PositionText text() {
        try {
            Path file = temporary.resolve("text.txt");
            Files.writeString(file, "the cat sat on the mat; a dog ran to the cat. ".repeat(120));
            return PositionText.file(file, 260);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void everyPositionHasItsRowAndLearnedOnesTheirRefusal() {
        LengthPart length = new LengthPart(new LengthPlan(8, 1, 2, 8, 2, FEW), text(), 3);
        List<String> lines = lines(length);
        for (String position : PositionKinds.trained()) {
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("| " + position + " "))
                    .hasSize(2);
        }
        assertThat(lines)
                .anyMatch(
                        line -> line.matches(
                                "\\| learned \\(refuses: learned positions are .* none for place 9\\) \\| 0.000 ± 0.000 \\|  \\|  \\|  \\|"));
        assertThat(lines).anyMatch(line -> line.startsWith("**Holds.** Learned positions refuse"));
        assertThat(temporary.resolve("lab/length.png")).isNotEmptyFile();
        assertThat(temporary.resolve("lab/length-added.png")).isNotEmptyFile();

        lines = lines(new StretchPart(length, new Continuation(32, 1, FEW)));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("| yarn:4 |") || line.startsWith("| rope as it is |"))
                .hasSize(4)
                .allMatch(line -> line.matches(".*\\d \\|"));
        assertThat(lines)
                .filteredOn(line -> line.contains("shifted groups (S²)"))
                .hasSize(1);
        assertThat(temporary.resolve("lab/stretch-trained.png")).isNotEmptyFile();
    }

    @Test
    void passkeysHaveATableForEachLength() {
        PasskeyPart part = new PasskeyPart(new LengthPlan(26, 1, 2, 8, 2, FEW), 10);
        List<String> lines = lines(part);
        for (int words : new int[] {26, 52, 104, 208}) {
            assertThat(lines)
                    .contains("| position | %s @ 0 %% | %s @ 25 %% | %s @ 50 %% | %s @ 75 %% | %s @ 100 %% | %s |"
                            .replace("%s", Integer.toString(words))
                            .replace("%%", "%"));
        }
        assertThat(lines)
                .filteredOn(line -> line.startsWith("| learned |"))
                .hasSize(4)
                .filteredOn(line -> line.equals("| learned |  |  |  |  |  |  |"))
                .hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("| rope, yarn:4 |"))
                .hasSize(4);
        assertThat(temporary.resolve("lab/passkey.png")).isNotEmptyFile();
    }

    @Test
    void harmlessIsOnlyWhatIsBelowTheBoundWithItsInterval() {
        assertThat(LengthPart.harmless(new Interval(0.03, 0.01))).isTrue();
        assertThat(LengthPart.harmless(new Interval(-2, 1))).isTrue();
        assertThat(LengthPart.harmless(new Interval(0.03, 0.03))).isFalse();
        assertThat(LengthPart.harmless(new Interval(0.2, 0.01))).isFalse();
    }

    @Test
    void badOptionsAreNamed() throws IOException {
        String out = temporary.resolve("out").toString();
        Path empty = Files.writeString(temporary.resolve("empty.txt"), "");
        assertThat(LabRun.of("positions", "--out", out, "--parts", "lenght").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--parts must be of length, stretch, passkey; got lenght");
        assertThat(LabRun.of("positions", "--out", out, "--windows", "0").failure())
                .hasMessage("--windows must be at least 1; got 0");
        assertThat(LabRun.of("positions", "--out", out, "--steps", "1").failure())
                .hasMessageContaining("at least 2 steps; got 1");
        assertThat(LabRun.of("positions", "--out", out, "--seeds", "0").failure())
                .hasMessage("--seeds must be at least 1; got 0");
        assertThat(LabRun.of("positions", "--out", out, "--data", empty.toString())
                        .failure())
                .hasMessageContaining("empty.txt is empty");
        assertThat(temporary.resolve("out")).doesNotExist();
    }
}
