package gradus.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.ResourceException;
import gradus.error.ShapeException;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    @TempDir
    Path folder;

    private static SequencedMap<String, Tensor> group(String name, float... values) {
        SequencedMap<String, Tensor> group = new LinkedHashMap<>();
        group.put(name, Tensor.of(values, values.length));
        return group;
    }

    private static TrainingState state(float value) {
        return new TrainingState(group("w", value, value), group("m", value), group("w", value, value));
    }

    private static TrainingProgress progress(int step, double validationLoss) {
        return new TrainingProgress(
                TrainingProgress.FORMAT,
                "config",
                "data",
                step,
                0,
                0,
                0.1,
                1,
                step,
                validationLoss,
                TrainingProgress.Best.NONE,
                new TrainingProgress.Spikes(1, 2, 3),
                77);
    }

    private void save(int keep, int step, double validationLoss) {
        new Checkpoints(folder, keep).save(state(step), progress(step, validationLoss));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Optional<TrainingProgress> load(TrainingState state) {
        return new Checkpoints(folder, 1).load(state, progress -> {});
    }

    private static float[] values(TrainingState state) {
        return state.model().get("w").toFloatArray();
    }

    @Test
    void comesBackAsItWas() throws IOException {
        assertThat(load(state(0))).isEmpty();
        save(1, 5, Math.PI);
        TrainingState state = state(0);
        assertThat(load(state)).hasValue(progress(5, Math.PI));
        assertThat(values(state)).containsExactly(5, 5);
        assertThat(state.optimizer().get("m").toFloatArray()).containsExactly(5);
        assertThat(state.average().get("w").toFloatArray()).containsExactly(5, 5);
        assertThat(names()).containsExactly("step-5");
    }

    @Test
    void keepsTheLastOnesAndTheBest() throws IOException {
        double[] losses = {3, 1, 2, 1.5, 4, Double.NaN};
        for (int i = 0; i < losses.length; i++) {
            save(2, 10 * (i + 1), losses[i]);
        }
        assertThat(names()).containsExactly("step-20", "step-50", "step-60");
        save(2, 70, 0.5);
        assertThat(names()).containsExactly("step-60", "step-70");
    }

    @Test
    void aStepThatIsThereAlreadyStays() throws IOException {
        save(1, 5, 1);
        Path file = folder.resolve("step-5/model.safetensors");
        Object before = Files.getLastModifiedTime(file);
        save(1, 5, 1);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
        Files.writeString(file, "damaged");
        save(1, 5, 1);
        assertThat(load(state(0))).isPresent();
    }

    @Test
    void leftoversDoNotCount() throws IOException { // BAD-INPUT 125
        save(1, 5, 1);
        Path leftover = Files.createDirectory(folder.resolve("step-6.tmp"));
        Files.writeString(leftover.resolve("model.safetensors"), "half");
        Files.createDirectory(folder.resolve("step-7")); // as after a power cut: a name and nothing in it
        assertThat(load(state(0)).orElseThrow().step()).isEqualTo(5);
        save(2, 6, 1);
        assertThat(load(state(0)).orElseThrow().step()).isEqualTo(6);
        assertThat(names()).doesNotContain("step-6.tmp");
    }

    /// What cannot be written leaves what was there, and no half.
    @Test
    void aFailureLeavesEarlierOnes() throws IOException { // BAD-INPUT 191
        save(1, 5, 1);
        TrainingState broken = state(6);
        broken.optimizer().get("m").close();
        assertThatThrownBy(() -> new Checkpoints(folder, 1).save(broken, progress(6, 1)))
                .isInstanceOf(ShapeException.class);
        assertThat(names()).containsExactly("step-5");
        assertThat(load(state(0)).orElseThrow().step()).isEqualTo(5);
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new Checkpoints(file, 1).save(state(1), progress(1, 1))) // BAD-INPUT 192
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("cannot be written");
    }

    @Test
    void anInterruptedThreadSavesAndStaysInterrupted() { // BAD-INPUT 200
        Thread.currentThread().interrupt();
        save(1, 5, 1);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(load(state(0))).isPresent();
    }

    // --- damage

    /// Cut at every byte, and with each bit turned: refused, or what it was.
    @Test
    void noDamageIsOverlooked() throws IOException { // BAD-INPUT 123
        save(1, 5, 1);
        for (Path file : files(folder.resolve("step-5"))) {
            byte[] sound = Files.readAllBytes(file);
            for (int length = 0; length < sound.length; length++) {
                Files.write(file, java.util.Arrays.copyOf(sound, length));
                refusedOrEqual();
            }
            for (int bit = 0; bit < 8 * sound.length; bit++) {
                byte[] damaged = sound.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(file, damaged);
                refusedOrEqual();
            }
            Files.write(file, sound);
        }
    }

    private void refusedOrEqual() {
        TrainingState state = state(0);
        try {
            assertThat(load(state)).hasValue(progress(5, 1));
            assertThat(values(state)).containsExactly(5, 5);
            assertThat(state.optimizer().get("m").toFloatArray()).containsExactly(5);
            assertThat(state.average().get("w").toFloatArray()).containsExactly(5, 5);
        } catch (CorruptCheckpointException refused) {
            assertThat(refused).hasMessageContaining("step-5");
            assertThat(values(state)).containsExactly(0, 0);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "progress.json", "manifest.json"})
    void theNewestWholeOneIsTaken(String missing) throws IOException { // BAD-INPUT 124
        save(2, 5, 1);
        save(2, 6, 1);
        Files.delete(folder.resolve("step-6").resolve(missing));
        Checkpoints checkpoints = new Checkpoints(folder, 2);
        assertThat(checkpoints.load(state(0), progress -> {}).orElseThrow().step())
                .isEqualTo(5);
        assertThat(checkpoints.damaged()).singleElement().asString().contains("step-6");
        Files.delete(folder.resolve("step-5").resolve(missing));
        assertThatThrownBy(() -> load(state(0)))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("no checkpoint is whole");
    }

    @Test
    void anotherTrainingsIsRefused() throws IOException {
        save(1, 5, 1);
        TrainingState wider = new TrainingState(group("w", 1, 2, 3), group("m", 1), group("w", 1, 2, 3));
        assertMismatch(wider, "w has shape [2]"); // BAD-INPUT 132
        assertMismatch(new TrainingState(group("v", 1, 2), group("m", 1), group("w", 1, 2)), "it lacks v"); // 131
        TrainingState unlike = new TrainingState(group("w", 0, 0), group("n", 1), group("w", 1, 2));
        assertMismatch(unlike, "optimizer.safetensors");
        assertThat(values(unlike)).containsExactly(0, 0); // though the weights would have fitted
        assertMismatch(new TrainingState(group("w", 1, 2), group("m", 1), new LinkedHashMap<>()), "averaged weights");
        SequencedMap<String, Tensor> doubles = new LinkedHashMap<>();
        doubles.put("w", Tensor.of(new double[] {1, 2}, 2));
        assertMismatch(new TrainingState(doubles, group("m", 1), group("w", 1, 2)), "FLOAT32"); // BAD-INPUT 136
    }

    private void assertMismatch(TrainingState state, String message) {
        assertThatThrownBy(() -> load(state))
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aNewerFormatIsRefused() throws IOException { // BAD-INPUT 135
        save(1, 5, 1);
        Path checkpoint = folder.resolve("step-5");
        Path file = checkpoint.resolve("progress.json");
        Files.writeString(file, Files.readString(file).replace("\"format\" : 2", "\"format\" : 3, \"new\" : 0"));
        Manifest.write(checkpoint, List.of("model.safetensors", "optimizer.safetensors", "progress.json"));
        assertMismatch(state(0), "newer version, in format 3; this one reads up to 2");
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Checkpoints(folder, 0)).isInstanceOf(ConfigException.class);
    }
}
