package gradus.lessons.lab.knowledge;

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

class KnowledgeLabTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("knowledge", "--out", folder.resolve("lab").toString()));
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void aSmallRunHasAllTablesAndFiles() throws Exception {
        LabRun run = run("--old=8", "--new=2", "--dim=8", "--base-steps=2", "--steps=2", "--seeds=2");
        assertThat(run.failure()).isNull();
        assertThat(run.code()).as(run.told()).isZero();
        assertThat(run.printed())
                .contains("| nothing taught |")
                .contains("| retrieval twice |")
                .contains("| long context |")
                .contains("| weights 3 wordings and rehearsal |")
                .contains("| weights styled answers |")
                .contains("| steps until answered in other words |")
                .contains("| 8 | context | 36") // 8 facts of 4 words, and the question
                .contains("| a long context reads in proportion to the facts, retrieval and weights do not |")
                .contains("| control: from an index of false facts hardly a true answer comes |");
        Path lab = folder.resolve("lab");
        assertThat(Files.readString(lab.resolve("table.md"))).isEqualTo(run.printed());
        assertThat(Files.readString(lab.resolve("scores.csv"))).contains("\nretrieval,old,2,");
        assertThat(lab.resolve("one-fact.png")).isNotEmptyFile();
        assertThat(lab.resolve("growth.png")).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --old=7         | the old persons must be 8 to 400; got 7
        --new=33        | the new persons must be 2 to 32, for the context's sake; got 33
        --dim=6         | the channels must be a multiple of the 4 heads; got 6
        --base-steps=0  | the steps of the base must be at least 1; got 0
        --steps=0       | the steps of the tuning must be at least 1; got 0
        --seeds=0       | --seeds must be at least 1; got 0
        """)
    void whatCannotBeIsRefusedBeforeAnythingIsMade(String option, String message) {
        LabRun run = run(option);
        assertThat(run.failure()).isInstanceOf(UsageException.class).hasMessage(message);
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
