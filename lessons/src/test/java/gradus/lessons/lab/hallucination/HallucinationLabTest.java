package gradus.lessons.lab.hallucination;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HallucinationLabTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("hallucination", "--out", folder.resolve("lab").toString()));
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void aSmallRunHasAllTablesAndFiles() throws Exception {
        LabRun run = run(
                "--old=8",
                "--new=4",
                "--dim=8",
                "--base-steps=2",
                "--draws=48",
                "--profile-steps=3",
                "--edits=1",
                "--seeds=2");
        assertThat(run.failure()).isNull();
        assertThat(run.code()).as(run.told()).isZero();
        assertThat(run.printed())
                .contains("| no text | known |")
                .contains("| a false text | untold |")
                .contains("| abstention training and retrieval | untold |")
                .contains("| 96 | 0.0 | a little |")
                .contains("| 4 | 0.0 | to the end |")
                .contains("| edit of rank one |")
                .contains("| edit under another key |")
                .contains("| the rate of false statements is at least the share told once − miscalibration |");
        Path lab = folder.resolve("lab");
        assertThat(Files.readString(lab.resolve("table.md"))).isEqualTo(run.printed());
        assertThat(Files.readAllLines(lab.resolve("profiles.csv"))).hasSize(1 + 5 * 3 * 2);
        assertThat(Files.readAllLines(lab.resolve("scores.csv"))).hasSize(1 + (7 * 2 * 4 + 3 * 4) * 2);
        assertThat(lab.resolve("profiles.png")).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --draws=23         | the statements told must be 24 to 5000; got 23
        --profile-steps=2  | the steps of a profile must be at least 3; got 2
        --edits=0          | there must be at least 1 edit; got 0
        --old=7            | the old persons must be 8 to 400; got 7
        --seeds=0          | --seeds must be at least 1; got 0
        """)
    void whatCannotBeIsRefusedBeforeAnythingIsMade(String option, String message) {
        LabRun run = run(option);
        assertThat(run.failure()).isInstanceOf(UsageException.class).hasMessage(message);
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
