package gradus.lessons.lab.material;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaterialTest {
    private static final List<String> MADE = new ArrayList<>();

    @TempDir
    Path temporary;

    private final List<String> told = new ArrayList<>();

    MaterialTest() {
        MADE.clear();
    }

    /// Writes one file.
    record Small(String name, double lr, float rate, List<Integer> sizes) implements Recipe {
        @Override
        public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
            MADE.add(name + " " + lr + " " + seed);
            write(folder.resolve("weights"), String.valueOf(lr));
            if (lr < 0) {
                throw new IllegalStateException("killed");
            }
            return Map.of("right", List.of(0.25, 0.5));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Small small(double lr) {
        return new Small("small", lr, 0.1f, List.of(1, 2));
    }

    private Material material() {
        return new Material(temporary.resolve("material"), told::add);
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> all = Files.list(temporary.resolve("material"))) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aModelIsTrainedOnce() throws IOException {
        Path folder = material().folder(small(0.1), 3);
        assertThat(folder).isEqualTo(temporary.resolve("material/small-3"));
        assertThat(material().folder(small(0.1), 3)).isEqualTo(folder);
        assertThat(material().measured(small(0.1), 3).path("right").get(1).asDouble())
                .isEqualTo(0.5);
        assertThat(MADE).containsExactly("small 0.1 3");
        assertThat(folders()).containsExactly("small-3");
        assertThat(told).hasSize(2);
        assertThat(Files.readString(folder.resolve("material.json")))
                .contains("\"lr\" : 0.1", "\"seed\" : 3", "\"recipe\" : \"small\"");
    }

    @Test
    void anotherPlanOrSeedIsTrained() throws IOException {
        material().folder(small(0.1), 1);
        material().folder(small(0.1), 2);
        assertThat(folders()).containsExactly("small-1", "small-2");
        Path folder = material().folder(small(0.2), 1);
        assertThat(folder.resolve("weights")).hasContent("0.2");
        material().folder(new Small("small", 0.2, 0.1f, List.of(1, 3)), 1);
        material().folder(new Small("small", 0.2, 0.2f, List.of(1, 3)), 1);
        assertThat(MADE).containsExactly("small 0.1 1", "small 0.1 2", "small 0.2 1", "small 0.2 1", "small 0.2 1");
        assertThat(folders()).containsExactly("small-1", "small-2");
    }

    @Test
    void aKilledTrainingLeavesNoModel() throws IOException {
        assertThatThrownBy(() -> material().folder(small(-1), 1)).hasMessage("killed");
        assertThat(folders()).containsExactly("small-1.part");
        assertThat(temporary.resolve("material/small-1.part/material.json")).doesNotExist();
        material().folder(small(0.1), 1);
        assertThat(folders()).containsExactly("small-1");
    }

    /// One that was whole stays until another one is.
    @Test
    void aKilledTrainingLeavesTheModelBefore() {
        Path folder = material().folder(small(0.1), 1);
        assertThatThrownBy(() -> material().folder(small(-1), 1)).hasMessage("killed");
        assertThat(folder.resolve("weights")).hasContent("0.1");
    }

    @Test
    void aFolderOfAnotherKindIsNotReplaced() throws IOException {
        Path other = Files.createDirectories(temporary.resolve("material/small-1"));
        write(other.resolve("mine"), "text");
        assertThatThrownBy(() -> material().folder(small(0.1), 1))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("small-1 holds no material.json");
        assertThat(other.resolve("mine")).hasContent("text");
    }

    @Test
    void aNameIsNoPath() {
        assertThatThrownBy(() -> material().folder(new Small("../up", 1, 1, List.of()), 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("../up");
        assertThatThrownBy(() -> new Lesson("", "a")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Lesson("a", "")).isInstanceOf(ConfigException.class);
    }
}
