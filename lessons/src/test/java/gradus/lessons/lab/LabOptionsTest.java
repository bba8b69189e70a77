package gradus.lessons.lab;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What all experiments have in common.
class LabOptionsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"finetune", "cloze", "longlora", "lift", "prefer", "knowledge", "hallucination"})
    void noSeedsAreRefusedBeforeAnythingIsMade(String experiment) {
        LabRun run = LabRun.of(experiment, "--out", folder.resolve("lab").toString(), "--seeds=0");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.failure()).isInstanceOf(UsageException.class).hasMessage("--seeds must be at least 1; got 0");
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"finetune", "cloze", "longlora", "prefer", "knowledge", "hallucination"})
    void helpTellsHowManySeedsAreUsual(String experiment) {
        Console console = Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        assertThat(LabCommand.commandLine(console)
                        .getSubcommands()
                        .get(experiment)
                        .getUsageMessage())
                .contains("how many seeds; default 3")
                .contains("--out=<folder>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "finetune",
                "cloze",
                "longlora",
                "align",
                "lift",
                "prefer",
                "retrieve",
                "knowledge",
                "hallucination"
            })
    void theFolderMustBeGiven(String experiment) {
        assertThat(LabRun.of(experiment).code()).isEqualTo(2);
    }
}
