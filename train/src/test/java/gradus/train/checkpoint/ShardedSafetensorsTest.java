package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafetensorsTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path folder;

    private Path index;
    private final Linear layer = new Linear(3, 2, Rng.of(1));

    @BeforeEach
    void write() throws IOException {
        index = folder.resolve(ShardedSafetensors.INDEX);
        shard(FIRST, "weight", layer.weight());
        shard(SECOND, "bias", layer.bias());
        list("weight", FIRST, "bias", SECOND);
    }

    private void shard(String name, String tensor, Tensor value) {
        SafetensorsWriter.write(
                folder.resolve(name), new LinkedHashMap<>(Map.of(tensor, value)), SafetensorsWriter.METADATA);
    }

    private void list(String name, String file, String name2, String file2) throws IOException {
        Files.writeString(
                index,
                "{\"metadata\":{\"total_size\":32},\"weight_map\":{\"%s\":\"%s\",\"%s\":\"%s\"}}"
                        .formatted(name, file, name2, file2));
    }

    private void refused(String reason) {
        assertThatThrownBy(() -> ShardedSafetensors.open(index))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsFromSeveralFiles() {
        ShardedSafetensors read = ShardedSafetensors.open(index);
        assertThat(read.names()).containsExactly("weight", "bias");
        assertThat(read.shape("weight")).containsExactly(2, 3);
        Linear other = new Linear(3, 2, Rng.of(2));
        Weights.load(read, other);
        assertThat(other.weight().toArray()).isEqualTo(layer.weight().toArray());
        assertThat(other.bias().toArray()).isEqualTo(layer.bias().toArray());
        assertThatThrownBy(() -> read.read("none")).isInstanceOf(CheckpointMismatchException.class);
    }

    @Test
    void filesElsewhereAreRefused() throws IOException { // BAD-INPUT 126
        for (String name : new String[] {"/etc/passwd", "../" + FIRST, "..", "", "a/b", "a\\\\b", "C:x", "a\\u0000"}) {
            list("weight", name, "bias", SECOND);
            refused("must be the name of a file beside the index");
        }
    }

    @Test
    void aNameThatNoFileCanHaveIsRefused() throws IOException {
        list("weight", "\\ud800.safetensors", "bias", SECOND); // half a surrogate pair
        assertThatThrownBy(() -> ShardedSafetensors.open(index))
                .isInstanceOf(GradusException.class) // where file names are bytes of another charset: no such file
                .hasMessageContaining("\\ud800");
    }

    /// As the cache of a hub lays files: the folder holds links to blobs elsewhere.
    @Test
    void f6_linksAreFollowed() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve("main"));
        for (String name : new String[] {FIRST, SECOND, ShardedSafetensors.INDEX}) {
            Files.move(folder.resolve(name), blobs.resolve("blob-of-" + name));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs/blob-of-" + name));
        }
        ShardedSafetensors read = ShardedSafetensors.open(snapshot.resolve(ShardedSafetensors.INDEX));
        assertThat(read.read("bias").toArray()).isEqualTo(layer.bias().toArray());
        Files.delete(blobs.resolve("blob-of-" + FIRST));
        index = snapshot.resolve(ShardedSafetensors.INDEX);
        assertThatThrownBy(() -> ShardedSafetensors.open(index)).isInstanceOf(DataException.class);
    }

    @Test
    void anIndexThatDisagreesIsRefused() throws IOException { // BAD-INPUT 129
        list("weight", SECOND, "bias", SECOND);
        refused("says that weight is in");
        list("weight", FIRST, "gain", SECOND);
        refused("says that gain is in");
        Files.writeString(index, "{\"weight_map\":{\"weight\":\"%s\"}}".formatted(FIRST));
        assertThat(ShardedSafetensors.open(index).names()).containsExactly("weight"); // the other file is not named
        shard(FIRST, "more", layer.bias());
        refused("says that weight is in");
        list("more", FIRST, "bias", SECOND);
        SafetensorsWriter.write(folder.resolve(FIRST), layer.state(), SafetensorsWriter.METADATA);
        list("weight", FIRST, "bias", SECOND);
        refused("does not list bias of");
        list("weight", "none.safetensors", "bias", SECOND);
        assertThatThrownBy(() -> ShardedSafetensors.open(index)).isInstanceOf(DataException.class); // BAD-INPUT 88
    }

    @Test
    void anIndexThatIsNone() throws IOException {
        for (String text : new String[] {
            "",
            "[]",
            "{}",
            "{\"weight_map\":[]}",
            "{\"weight_map\":{}}",
            "{\"weight_map\":{\"a\":1}}",
            "{\"weight_map\":{\"a\":\"%s\",\"a\":\"%s\"}}".formatted(FIRST, FIRST),
            "{} {}",
            "[".repeat(100_000)
        }) {
            Files.writeString(index, text);
            refused(index.toString());
        }
    }
}
