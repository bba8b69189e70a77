package gradus.lessons.prompt.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.retrieve.embed.Embedder;
import gradus.lessons.retrieve.search.WordVectors;
import gradus.tensor.random.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
    @TempDir
    Path temporary;

    private static List<Demonstration> pool(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> Demonstration.of("question " + i, "answer " + i))
                .toList();
    }

    @Property(tries = 200)
    void drawnWithoutPuttingBack(@ForAll @IntRange(min = 1, max = 9) int size, @ForAll int k, @ForAll long seed) {
        int count = Math.floorMod(k, size + 1);
        List<Demonstration> drawn = new RandomSelection(pool(size), count, seed).select("x");
        assertThat(drawn).hasSize(count).doesNotHaveDuplicates().isSubsetOf(pool(size));
        assertThat(new RandomSelection(pool(size), count, seed).select("y")).isEqualTo(drawn);
    }

    /// Each order as often as the others. 6,000 draws of 6: five deviations of a count of 1,000 are below 150.
    @Test
    void ordersAreDrawnEvenly() {
        List<List<Integer>> all = Orders.all(List.of(1, 2, 3));
        int[] counts = new int[6];
        for (List<Integer> each : Orders.drawn(List.of(1, 2, 3), 6_000, Rng.of(7))) {
            counts[all.indexOf(each)]++;
        }
        assertThat(Arrays.stream(counts)).allMatch(count -> Math.abs(count - 1_000) < 150);
    }

    @Property(tries = 200)
    void allOrdersAreThereOnce(@ForAll @IntRange(max = 6) int size) {
        List<Integer> items = IntStream.range(0, size).boxed().toList();
        List<List<Integer>> orders = Orders.all(items);
        int factorial = IntStream.rangeClosed(1, size).reduce(1, (a, b) -> a * b);
        assertThat(orders).hasSize(factorial).doesNotHaveDuplicates();
        assertThat(orders.getFirst()).isEqualTo(items);
        assertThat(orders).allMatch(each -> new HashSet<>(each).size() == size);
    }

    /// The most similar one stands last; of equal ones the first of the pool counts as more similar.
    @Test
    void theMostSimilarStandsLast() {
        Embedder embedder = texts -> texts.stream()
                .map(text -> switch (text) {
                    case "q", "same", "same too" -> new float[] {1, 0};
                    case "near" -> new float[] {0.8f, 0.6f};
                    default -> new float[] {0, 1};
                })
                .toArray(float[][]::new);
        List<Demonstration> pool = List.of("far", "near", "same", "same too").stream()
                .map(each -> Demonstration.of(each, "x"))
                .toList();
        assertThat(new SimilarSelection(embedder, pool, 3).select("q").stream().map(Demonstration::question))
                .containsExactly("near", "same too", "same");
        assertThat(new SimilarSelection(new WordVectors(64), pool, 1)
                        .select("so near")
                        .getFirst()
                        .question())
                .isEqualTo("near");
    }

    @Test
    void theEffectOfOrders() {
        List<Demonstration> shown = pool(3);
        OrderEffect effect = OrderEffect.of(
                Orders.all(shown),
                order -> question ->
                        new Outcome(Optional.of(order.getLast().answer().equals("answer 0") ? "yes" : "no"), List.of()),
                List.of(Demonstration.of("a", "yes"), Demonstration.of("b", "no"), Demonstration.of("c", "yes")));
        assertThat(effect.right()).containsExactly(1 / 3.0, 1 / 3.0, 1 / 3.0, 2 / 3.0, 1 / 3.0, 2 / 3.0);
        assertThat(effect.spread()).isEqualTo(1 / 3.0);
        assertThat(effect.best().getLast()).isEqualTo(shown.getFirst());
    }

    @Test
    void demonstrationsInAFile() throws Exception {
        Path file = Files.writeString(temporary.resolve("d.jsonl"), """
                {"question": "2 + 2", "answer": "4"}

                {"question": "3 + 4", "rationale": "Three and four.", "answer": "7"}
                """);
        assertThat(DemonstrationFile.read(file))
                .containsExactly(Demonstration.of("2 + 2", "4"), new Demonstration("3 + 4", "Three and four.", "7"));
        for (List<String> each : List.of(
                List.of("{\"question\": 1}", "d.jsonl:1: \"question\" must be a text"),
                List.of("\n[", "d.jsonl:2: is no JSON object"),
                List.of("[]", "d.jsonl:1: \"question\" must be a text"),
                List.of("", "d.jsonl has no demonstrations"),
                List.of("{\"question\":\"\",\"answer\":\"a\"}", "d.jsonl:1: a demonstration needs a question and"),
                List.of("{\"question\":\"q\",\"rationale\":null,\"answer\":\"a\"}", "\"rationale\" must be a text"))) {
            Files.writeString(file, each.getFirst());
            assertThatThrownBy(() -> DemonstrationFile.read(file))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(each.getLast());
        }
    }

    @Test
    void mistakes() {
        assertThatThrownBy(() -> new RandomSelection(pool(2), 3, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("k, the number of demonstrations, must be 0 to 2, as many as there are; got 3");
        assertThatThrownBy(() -> new SimilarSelection(new WordVectors(8), pool(2), 0))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Orders.all(pool(9))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> OrderEffect.of(List.of(), order -> null, pool(1)))
                .isInstanceOf(ConfigException.class);
    }
}
