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
        return new Checkpoints(folder, 1).load(state, (checkpoint, progress) -> {});
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
        assertThat(checkpoints
                        .load(state(0), (checkpoint, progress) -> {})
                        .orElseThrow()
                        .step())
                .isEqualTo(5);
        assertThat(checkpoints.damaged()).singleElement().asString().contains("step-6");
        Files.delete(folder.resolve("step-5").resolve(missing));
        assertThatThrownBy(() -> load(state(0)))
                .isInstanceOf(CorruptCheckpointException.class)
                .hasMessageContaining("every checkpoint is damaged");
    }

    /// Damage that somebody repaired the sums of, so that the manifest verifies.
    private void resum(Path checkpoint) {
        Manifest.write(
                checkpoint,
                List.of("model.safetensors", "optimizer.safetensors", "average.safetensors", "progress.json"));
    }

    private void fallsBack(String damage) {
        TrainingState state = state(0);
        Checkpoints checkpoints = new Checkpoints(folder, 2);
        assertThat(checkpoints
                        .load(state, (checkpoint, progress) -> {})
                        .orElseThrow()
                        .step())
                .as(damage)
                .isEqualTo(5);
        assertThat(values(state)).containsExactly(5, 5);
        assertThat(checkpoints.damaged()).singleElement().asString().contains("step-6");
    }

    @Test
    void r15_whateverNameAManifestListsAnEarlierCheckpointIsFound() throws IOException {
        save(2, 5, 1);
        save(2, 6, 1);
        Path manifest = folder.resolve("step-6/manifest.json");
        String sound = Files.readString(manifest);
        for (String name : List.of(
                "a\\u0000b",
                "\\ud800",
                "\\udfff.json",
                "..",
                "../step-5/progress.json",
                "/etc/passwd",
                "a\\\\b",
                "",
                ".",
                "C:x",
                "\\n",
                "x".repeat(5000),
                "CON*?")) {
            Files.writeString(
                    manifest,
                    sound.replaceFirst(
                            "\"progress.json\"",
                            java.util.regex.Matcher.quoteReplacement("\"" + name + "\"")
                                    + " : \"00\", \"progress.json\""));
            fallsBack(name);
        }
        for (String json : List.of(
                "",
                "{",
                "[]",
                "null",
                "{}",
                "{\"sha256\": 3}",
                "{\"sha256\": {\"progress.json\": 3}}",
                "\u0000",
                "[".repeat(100_000))) {
            Files.writeString(manifest, json);
            fallsBack(json.substring(0, Math.min(20, json.length())));
        }
    }

    @Test
    void r15_progressOutOfRangeIsDamage() throws IOException {
        save(2, 5, 1);
        save(2, 6, 1);
        Path checkpoint = folder.resolve("step-6");
        Path file = checkpoint.resolve("progress.json");
        String sound = Files.readString(file);
        for (String[] change : new String[][] {
            {"\"step\" : 6", "\"step\" : 7"},
            {"\"step\" : 6", "\"step\" : -6"},
            {"\"step\" : 6", "\"step\" : 6.5"},
            {"\"step\" : 6", "\"step\" : null"},
            {"\"step\" : 6", "\"step\" : 1" + "0".repeat(400)},
            {"\"step\" : 6", "\"step\" : 4294967302"},
            {"\"format\" : 2", "\"format\" : 0"},
            {"\"format\" : 2", "\"format\" : -1"},
            {"\"skipped\" : 0", "\"skipped\" : -1"},
            {"\"skipped\" : 0", "\"skipped\" : 7"},
            {"\"skippedInARow\" : 0", "\"skippedInARow\" : 1"},
            {"\"lossSum\" : 0.1", "\"lossSum\" : \"NaN\""},
            {"\"lossSum\" : 0.1", "\"lossSum\" : 1e999"},
            {"\"lossCount\" : 1", "\"lossCount\" : -1"},
            {"\"lossCount\" : 1", "\"lossCount\" : 7"},
            {"\"evaluatedAt\" : 6", "\"evaluatedAt\" : -2"},
            {"\"evaluatedAt\" : 6", "\"evaluatedAt\" : 7"},
            {"\"since\" : 0", "\"since\" : -1"},
            {"\"mean\" : 1.0", "\"mean\" : \"Infinity\""},
            {"\"variance\" : 2.0", "\"variance\" : -2.0"},
            {"\"seen\" : 3", "\"seen\" : -3"},
            {"\"logPosition\" : 77", "\"logPosition\" : -77"},
            {"\"data\" : \"data\"", "\"data\" : null"},
            {"\"spikes\" : {", "\"more\" : 1, \"spikes\" : {"}
        }) {
            String changed = sound.replace(change[0], change[1]);
            assertThat(changed).as(change[0]).isNotEqualTo(sound);
            Files.writeString(file, changed);
            resum(checkpoint);
            fallsBack(change[1].substring(0, Math.min(60, change[1].length())));
        }
    }

    @Test
    void r15_weightsThatAreNoNumbersAreDamage() {
        save(2, 5, 1);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            TrainingState weights = new TrainingState(group("w", 1, bad), group("m", 1), group("w", 1, 1));
            TrainingState average = new TrainingState(group("w", 1, 1), group("m", 1), group("w", 1, bad));
            for (TrainingState state : List.of(weights, average)) {
                deleteNewest();
                new Checkpoints(folder, 2).save(state, progress(6, 1));
                fallsBack("a weight of " + bad);
            }
        }
        deleteNewest();
        new Checkpoints(folder, 2)
                .save(new TrainingState(group("w", 1, 1), group("m", Float.NaN), group("w", 1, 1)), progress(6, 1));
        fallsBack("a moment of NaN");
        deleteNewest(); // the square of a large gradient may well be infinite
        TrainingState large =
                new TrainingState(group("w", 1, 1), group("m", Float.POSITIVE_INFINITY), group("w", 1, 1));
        new Checkpoints(folder, 2).save(large, progress(6, 1));
        assertThat(load(state(0)).orElseThrow().step()).isEqualTo(6);
    }

    private void deleteNewest() {
        try (var files = Files.walk(folder)) {
            files.filter(file -> file.toString().contains("step-6"))
                    .sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
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
