package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final List<String> FILES = List.of("model", "optimizer");

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("model"), "weights");
        Files.writeString(folder.resolve("optimizer"), "moments");
        Manifest.write(folder, FILES);
    }

    private void refused(String reason) {
        assertThatThrownBy(() -> Manifest.verify(folder, FILES))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aWholeFolderVerifies() throws IOException {
        Manifest.verify(folder, FILES);
        Files.writeString(folder.resolve("model.tmp"), "half"); // BAD-INPUT 125
        Manifest.verify(folder, FILES);
    }

    @Test
    void aChangedFile() throws IOException {
        Files.writeString(folder.resolve("model"), "Weights");
        refused("changed or damaged"); // BAD-INPUT 123
    }

    @Test
    void aMissingFile() throws IOException {
        Files.delete(folder.resolve("optimizer"));
        refused("lists optimizer, which is missing"); // BAD-INPUT 124
        Manifest.write(folder, List.of("model"));
        refused("lists no optimizer"); // BAD-INPUT 124
        Files.delete(folder.resolve("manifest.json"));
        assertThatThrownBy(() -> Manifest.verify(folder, FILES)).isInstanceOf(DataException.class);
    }

    @Test
    void aManifestThatIsNone() throws IOException {
        for (String text : new String[] {"", "[]", "{}", "{\"sha256\":[]}", "{\"sha256\":{\"model\":1}}"}) {
            Files.writeString(folder.resolve("manifest.json"), text);
            refused("manifest.json");
        }
        Files.writeString(
                folder.resolve("manifest.json"), "{\"sha256\":{\"model\":\"\",\"optimizer\":\"\",\"../model\":\"\"}}");
        assertThatThrownBy(() -> Manifest.verify(folder, FILES)).isInstanceOf(CorruptCheckpointException.class);
    }
}
