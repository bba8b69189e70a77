package gradus.train.cli.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SweepFileTest {
    @TempDir
    Path folder;

    private SweepFile read(String json) throws Exception {
        return SweepFile.read(Files.writeString(folder.resolve("s.json"), json));
    }

    @Test
    void everyCombinationGoesWithEveryEntryAndSeed() throws Exception {
        SweepFile file = read("""
                {"base": {"preset": "char-tiny"},
                 "grid": {"model.norm": ["layernorm", "rmsnorm"], "--train.lr": [1e-3, 0.5]},
                 "list": [{"model.attention": "mha"}, {"model.attention": "gqa", "model.kvHeads": 1}],
                 "seeds": [7, 8]}
                """);
        List<Cell> cells = file.cells();
        assertThat(cells).hasSize(2 * 2 * 2 * 2);
        assertThat(cells.getFirst().title()).isEqualTo("attention=mha,norm=layernorm,lr=0.001, seed 7");
        assertThat(cells.getLast().arguments(Path.of("b")))
                .containsExactly(
                        "--config",
                        "b",
                        "--model.attention=gqa",
                        "--model.kvHeads=1",
                        "--model.norm=rmsnorm",
                        "--train.lr=0.5",
                        "--seed=8");
        assertThat(file.settings()).containsExactly("model.attention", "model.kvHeads", "model.norm", "train.lr");
        assertThat(new HashSet<>(cells)).hasSize(cells.size());
    }

    @Test
    void anEmptyFileIsOneTraining() throws Exception {
        assertThat(read("{}").cells()).singleElement().satisfies(cell -> {
            assertThat(cell.folder()).isEqualTo(Path.of("base"));
            assertThat(cell.arguments(Path.of("b"))).containsExactly("--config", "b");
        });
    }

    /// As many cells as the product of the lists, no two alike, each value in as many as its share.
    @Property(tries = 200)
    void aGridHasAllCombinationsOnce(@ForAll("grids") Map<String, List<Integer>> grid) throws Exception {
        Path file = Files.createTempFile("grid", ".json");
        try {
            Files.writeString(file, new JsonMapper().writeValueAsString(Map.of("grid", grid)));
            List<Cell> cells = SweepFile.read(file).cells();
            int product = grid.values().stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
            assertThat(cells).hasSize(product).doesNotHaveDuplicates();
            grid.forEach((name, values) -> values.forEach(value -> assertThat(cells)
                    .filteredOn(cell -> cell.settings().get(name).equals(value.toString()))
                    .hasSize(product / values.size())));
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<Map<String, List<Integer>>> grids() {
        return Arbitraries.maps(
                        Arbitraries.of("train.lr", "model.lr", "model.dim", "preset", "train.steps"),
                        Arbitraries.integers()
                                .between(-9, 9)
                                .list()
                                .uniqueElements()
                                .ofMinSize(1)
                                .ofMaxSize(4))
                .ofMaxSize(4);
    }

    /// Folders of some systems know neither capitals nor most signs.
    @Property(tries = 200)
    void namesAreFoldersAndDiffer(@ForAll("values") Set<String> values) {
        List<SequencedMap<String, String>> combinations = new ArrayList<>();
        values.forEach(value -> combinations.add(new LinkedHashMap<>(Map.of("model.data", value))));
        Set<String> names = CellNames.named(combinations).keySet();
        assertThat(names).hasSize(values.size());
        assertThat(names.stream().map(name -> name.toLowerCase(Locale.ROOT))).doesNotHaveDuplicates();
        assertThat(names).allMatch(name -> name.matches("[A-Za-z0-9._+=,-]{1,120}"));
    }

    @Provide
    Arbitrary<Set<String>> values() {
        return Arbitraries.strings()
                .withChars("aA/\\:*? ü.")
                .ofMaxLength(150)
                .set()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    @Test
    void namesThatEndAlikeAreWrittenOut() throws Exception {
        assertThat(read("{\"grid\": {\"model.dropout\": [0], \"train.dropout\": [1]}}")
                        .cells())
                .extracting(Cell::name)
                .containsExactly("model.dropout=0,train.dropout=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "{\"grids\": {}} @ there is no grids; a sweep has base, grid, list and seeds; did you mean grid?",
                "{\"base\": 3} @ base must be an object",
                "{\"grid\": []} @ grid must be an object of lists; got []",
                "{\"grid\": {\"train.lr\": 3}} @ train.lr must be a list of values; got 3",
                "{\"grid\": {\"train.lr\": []}} @ train.lr must be a list of values; got []",
                "{\"grid\": {\"train.lr\": [1, 1]}} @ train.lr has a value twice",
                "{\"grid\": {\"train.lr\": [[1]]}} @ train.lr must be a number, a text, true or false; got [1]",
                "{\"grid\": {\"train.lr\": [null]}} @ train.lr must be a number, a text, true or false; got null",
                "{\"grid\": {\"out\": [1]}} @ out is no setting of a training",
                "{\"grid\": {\"seed\": [1]}} @ seed is no setting of a training; seeds stands beside grid and list",
                "{\"grid\": {\"\": [1]}} @ an empty name is no setting",
                "{\"list\": {}} @ list must be a list of objects",
                "{\"list\": []} @ list must be a list of objects",
                "{\"list\": [3]} @ list must be a list of objects; got 3",
                "{\"seeds\": 3} @ seeds must be a list of whole numbers; got 3",
                "{\"seeds\": [1.5]} @ seeds must be whole numbers; got 1.5",
                "{\"seeds\": [1, 1]} @ seeds has 1 twice",
                "{\"grid\": {\"a\": [1]}, \"list\": [{\"a\": 2}]} @ a is in grid and in list",
                "[1] @ must be a JSON object",
                "{\"grid\": @ s.json",
            })
    void whatIsNoSweepIsNamed(String json, String said) {
        assertThatThrownBy(() -> read(json).cells())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("s.json")
                .hasMessageContaining(said.strip());
    }

    @Test
    void tooManyAreRefusedBeforeTheyAreMade() {
        String values = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]";
        StringBuilder grid = new StringBuilder("{\"grid\": {\"a\": " + values);
        for (String name : List.of("b", "c", "d", "e", "f", "g", "h")) {
            grid.append(", \"").append(name).append("\": ").append(values);
        }
        assertThatThrownBy(() -> read(grid + "}}").cells())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("more than 100000 combinations");
    }
}
