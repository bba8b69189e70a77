package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MmrTest {
    private static float[] vector(Rng rng, int dim) {
        float[] v = new float[dim];
        for (int i = 0; i < dim; i++) {
            v[i] = (float) rng.gaussian(i);
        }
        return UnitVectors.unit(v);
    }

    private static float[][] vectors(long seed, int n, int dim) {
        return IntStream.range(0, n)
                .mapToObj(i -> vector(Rng.of(seed).at(i), dim))
                .toArray(float[][]::new);
    }

    private static List<Integer> places(List<Mmr.Choice> choices) {
        return choices.stream().map(Mmr.Choice::place).toList();
    }

    /// The definition, computed afresh at every step.
    @Property(tries = 200)
    void eachChoiceIsTheBest(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 25) int k,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        float[] query = vector(Rng.of(seed).at("query"), 5);
        float[][] candidates = vectors(seed, n, 5);
        List<Integer> chosen = new ArrayList<>();
        for (Mmr.Choice choice : new Mmr(lambda).choose(query, candidates, k)) {
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                double nearest = chosen.isEmpty() ? 0 : -2;
                for (int s : chosen) {
                    nearest = Math.max(nearest, UnitVectors.cosine(candidates[s], candidates[i]));
                }
                double part = lambda * UnitVectors.cosine(query, candidates[i]);
                values[i] = chosen.contains(i) ? -9 : part - (1 - lambda) * nearest;
            }
            assertThat(choice.value()).isCloseTo(values[choice.place()], within(1e-12));
            assertThat(Arrays.stream(values).max().orElseThrow()).isLessThanOrEqualTo(choice.value() + 1e-12);
            chosen.add(choice.place());
        }
        assertThat(chosen).hasSize(Math.min(k, n)).doesNotHaveDuplicates();
    }

    @Property(tries = 200)
    void lambdaOneIsSimilarityAndTheFirstIsAlwaysTheNearest(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        float[] query = vector(Rng.of(seed).at("query"), 5);
        float[][] candidates = vectors(seed, n, 5);
        List<Integer> near = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -UnitVectors.cosine(query, candidates[i])))
                .toList();
        assertThat(places(new Mmr(1).choose(query, candidates, n))).isEqualTo(near);
        assertThat(new Mmr(lambda).choose(query, candidates, 1).getFirst().place())
                .isEqualTo(near.getFirst());
    }

    /// With λ below 1/4: what repeats a chosen one loses (1 − λ)·1 > ¾, and gains 2λ < ½ at most over one whose
    /// cosines with all are below ¼.
    @Property(tries = 200)
    void whatRepeatsComesLast(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 8) int n,
            @ForAll @DoubleRange(min = 0, max = 0.24) double lambda) {
        float[][] different = new float[n][n];
        for (int i = 0; i < n; i++) {
            different[i][i] = 1;
        }
        float[][] twice = new float[2 * n][];
        for (int i = 0; i < 2 * n; i++) {
            twice[i] = different[i / 2];
        }
        List<Integer> places = places(new Mmr(lambda).choose(vector(Rng.of(seed), n), twice, 2 * n));
        assertThat(places.subList(0, n).stream().map(i -> i / 2)).doesNotHaveDuplicates();
    }

    @Test
    void byHand() {
        float[] query = {1, 0};
        float[][] candidates = {{1, 0}, {0.8f, 0.6f}, {0.8f, -0.6f}, {0, 1}};
        // ½·0.8 − ½·0.8 = 0 for 1 and 2, 0 − 0 for 3: the first of them; then 2 has ½·0.8 − ½·0.8, 3 has −½·0.6
        assertThat(places(new Mmr(0.5).choose(query, candidates, 4))).containsExactly(0, 1, 2, 3);
        // 0.2·0.8 − 0.8·0.8 = −0.48 for 1 and 2, 0 for 3; then 1 has 0.16 − 0.64, 2 the same
        assertThat(places(new Mmr(0.2).choose(query, candidates, 4))).containsExactly(0, 3, 1, 2);
    }

    @Test
    void whatIsOutsideItsRange() {
        assertThatThrownBy(() -> new Mmr(1.1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Mmr(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Mmr(1).choose(new float[1], new float[0][], 0))
                .isInstanceOf(ConfigException.class);
        assertThat(new Mmr(1).choose(new float[1], new float[0][], 3)).isEmpty();
    }

    @Test
    void aRetrieverThatSaysDifferentThings() {
        Map<String, String> texts = Map.of("a", "large cats", "b", "cats large", "c", "small cats");
        List<Document> documents = texts.entrySet().stream()
                .map(e -> Document.of(e.getKey(), e.getValue()))
                .toList();
        WordVectors vectors = new WordVectors(32);
        ExactVectors exact = new ExactVectors(documents, vectors);
        assertThat(Hit.ids(exact.search("large cats", 2))).containsExactly("a", "b");
        Retriever diverse = new Diversified(exact, new Mmr(0.3), vectors, texts::get, 10);
        assertThat(Hit.ids(diverse.search("large cats", 2))).containsExactly("a", "c");
        assertThat(diverse.search("large cats", 9)).hasSize(3);
        assertThatThrownBy(() -> diverse.search("x", 0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Diversified(exact, new Mmr(1), vectors, texts::get, 0))
                .isInstanceOf(ConfigException.class);
    }
}
