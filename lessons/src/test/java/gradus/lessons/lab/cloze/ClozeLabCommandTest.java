package gradus.lessons.lab.cloze;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.lessons.lab.LabRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gradus lab cloze`
class ClozeLabCommandTest {
    @TempDir
    private Path folder;

    private LabRun run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "cloze",
                "--out",
                folder.resolve("lab").toString(),
                "--base-steps=1",
                "--steps=1",
                "--seeds=1",
                "--examples=1",
                "--lr=1e-4"));
        arguments.addAll(List.of(more));
        return LabRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void theAuxiliaryLossIsOneMoreRow() throws IOException {
        Path texts = Files.writeString(folder.resolve("texts.txt"), "a small animal\n\nan old device\n");
        LabRun both = run("--alpha=1e-4", "--unlabelled=" + texts);
        assertThat(both.code()).as("%s", both.failure()).isZero();
        assertThat(both.printed())
                .startsWith("## Cloze and [CLS]\n\n**Prediction.** With 1 examples a class, ")
                .contains("**One seed decides nothing.** With 1 examples a class, the cloze is better")
                .containsPattern("\\| cloze \\+ masked words \\| \\d+\\.\\d \\|")
                .contains("| cloze + masked words − cloze, by seed | ");
        assertThat(both.told()).contains("expected: With 1 examples a class");
        assertThat(folder.resolve("lab/table.md")).hasContent(both.printed());
    }

    @Test
    void badInput() throws IOException {
        refused(UsageException.class, "must be in [0, 1]; got -0.1", "--alpha=-0.1");
        refused(UsageException.class, "must be in [0, 1]; got 1.5", "--alpha=1.5");
        refused(UsageException.class, "from 1 to 1300; got 1301", "--examples=4,1301");
        refused(UsageException.class, "at least 0; got -2", "--others-up-to=-2");
        refused(UsageException.class, "must be in [0, 1]; got NaN", "--alpha=NaN");
        Path blank = Files.writeString(folder.resolve("blank.txt"), "\n  \n");
        refused(UsageException.class, "above 0 only", "--unlabelled=" + blank);
        refused(DataException.class, "blank.txt holds no text", "--alpha=0.1", "--unlabelled=" + blank);
        refused(DataException.class, "none.txt", "--alpha=0.1", "--unlabelled=" + folder.resolve("none.txt"));
        Path bytes = Files.write(folder.resolve("bytes.txt"), new byte[] {'a', (byte) 0xFF});
        refused(DataException.class, "bytes.txt is no text in UTF-8", "--alpha=0.1", "--unlabelled=" + bytes);
        assertThat(folder.resolve("lab")).doesNotExist();
    }

    private void refused(Class<?> kind, String message, String... more) {
        LabRun run = run(more);
        assertThat(run.failure()).as(message).isInstanceOf(kind).hasMessageContaining(message);
    }
}
