package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static List<List<Hit>> drawn(long seed, int rankings, int n) {
        List<List<Hit>> all = new ArrayList<>();
        for (int r = 0; r < rankings; r++) {
            List<Hit> hits = new ArrayList<>();
            Rng rng = Rng.of(seed).at(r);
            for (int d = 0; d < n; d++) {
                if (rng.uniform(2 * d) < 0.7) {
                    hits.add(new Hit("d" + d, 10 * rng.uniform(2 * d + 1) - 5));
                }
            }
            hits.sort(Hit.BEST_FIRST);
            all.add(hits);
        }
        return all;
    }

    private static List<List<Hit>> mapped(List<List<Hit>> rankings, DoubleUnaryOperator map) {
        return rankings.stream()
                .map(hits -> hits.stream()
                        .map(hit -> new Hit(hit.id(), map.applyAsDouble(hit.score())))
                        .toList())
                .toList();
    }

    /// By the ranking of each document in each list, looked up.
    @Property(tries = 200)
    void ranksAreItsEquation(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int rankings,
            @ForAll @IntRange(min = 1, max = 20) int n,
            @ForAll @IntRange(min = 1, max = 100) int constant,
            @ForAll @DoubleRange(min = 0, max = 3) double weight) {
        List<List<Hit>> all = drawn(seed, rankings, n);
        double[] weights = new double[rankings];
        for (int r = 0; r < rankings; r++) {
            weights[r] = weight + r;
        }
        for (Hit hit : new ReciprocalRankFusion(constant, weights).fuse(all)) {
            double expected = 0;
            for (int r = 0; r < rankings; r++) {
                int at = Hit.ids(all.get(r)).indexOf(hit.id());
                expected += at < 0 ? 0 : weights[r] / (constant + at + 1);
            }
            assertThat(hit.score()).isCloseTo(expected, within(1e-15 * (1 + expected)));
        }
    }

    @Property(tries = 200)
    void ranksHeedNoScores(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int rankings,
            @ForAll @DoubleRange(min = 0.01, max = 10) double slope,
            @ForAll @DoubleRange(min = -100, max = 100) double shift) {
        List<List<Hit>> all = drawn(seed, rankings, 20);
        List<Hit> fused = new ReciprocalRankFusion().fuse(all);
        assertThat(new ReciprocalRankFusion().fuse(mapped(all, x -> Math.exp(slope * x))))
                .isEqualTo(fused);
        assertThat(new ReciprocalRankFusion().fuse(mapped(all, x -> slope * x + shift)))
                .isEqualTo(fused);
    }

    @Property(tries = 200)
    void everyDocumentOnceBestFirst(@ForAll long seed, @ForAll @IntRange(min = 0, max = 4) int rankings) {
        List<List<Hit>> all = drawn(seed, rankings, 20);
        List<String> ids =
                all.stream().flatMap(List::stream).map(Hit::id).distinct().toList();
        for (Fusion fusion : List.of(new ReciprocalRankFusion(), new ScoreFusion())) {
            List<Hit> fused = fusion.fuse(all);
            assertThat(Hit.ids(fused)).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(fused).isSortedAccordingTo(Hit.BEST_FIRST);
        }
    }

    @Property(tries = 200)
    void oneRankingStaysInItsOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int n) {
        List<List<Hit>> one = drawn(seed, 1, n);
        assertThat(Hit.ids(new ReciprocalRankFusion().fuse(one))).isEqualTo(Hit.ids(one.getFirst()));
        assertThat(Hit.ids(new ScoreFusion().fuse(one))).isEqualTo(Hit.ids(one.getFirst()));
    }

    /// Scores may be stretched and shifted, each ranking's for itself. Near-equal sums may change places by
    /// rounding, so scores are compared, not the order.
    @Property(tries = 200)
    void scoresHeedNoUnits(
            @ForAll long seed,
            @ForAll @DoubleRange(min = 0.01, max = 100) double slope,
            @ForAll @DoubleRange(min = -100, max = 100) double shift) {
        List<List<Hit>> all = drawn(seed, 3, 20);
        List<List<Hit>> other = new ArrayList<>(all);
        other.set(1, mapped(List.of(all.get(1)), x -> slope * x + shift).getFirst());
        var scores = new TreeMap<String, Double>();
        new ScoreFusion(1, 2, 0.5).fuse(other).forEach(hit -> scores.put(hit.id(), hit.score()));
        for (Hit hit : new ScoreFusion(1, 2, 0.5).fuse(all)) {
            assertThat(scores.get(hit.id())).isCloseTo(hit.score(), within(1e-9));
        }
    }

    /// (5 − 1)/4 and so on; the second ranking has two equal scores, 1 each, times 3.
    @Test
    void scoresByHand() {
        List<Hit> fused = new ScoreFusion(1, 3)
                .fuse(List.of(
                        List.of(new Hit("a", 5), new Hit("b", 2), new Hit("c", 1)),
                        List.of(new Hit("c", 7), new Hit("d", 7))));
        assertThat(fused).containsExactly(new Hit("c", 3), new Hit("d", 3), new Hit("a", 1), new Hit("b", 0.25));
    }

    @Test
    void ranksByHand() {
        List<Hit> fused = new ReciprocalRankFusion()
                .fuse(List.of(
                        List.of(new Hit("a", 5), new Hit("b", 2), new Hit("a", 1), new Hit("c", 0)),
                        List.of(new Hit("b", 9))));
        assertThat(fused)
                .containsExactly(new Hit("b", 1.0 / 62 + 1.0 / 61), new Hit("a", 1.0 / 61), new Hit("c", 1.0 / 63));
    }

    @Test
    void weightsThatDoNotFit() {
        List<List<Hit>> one = List.of(List.of(new Hit("a", 1)));
        for (Fusion fusion : List.of(new ReciprocalRankFusion(1.0, 2.0), new ScoreFusion(1, 2))) {
            assertThatThrownBy(() -> fusion.fuse(one))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("2 weights were given for 1 rankings");
        }
        assertThatThrownBy(() -> new ScoreFusion(-1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ReciprocalRankFusion(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ReciprocalRankFusion(0, 1.0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ScoreFusion().fuse(List.of(List.of(new Hit("a", Double.NaN)))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the score of a is not finite");
    }

    /// A document that is in the middle of both rankings is best in the sum, and found only if it is asked for.
    @Test
    void aHybridLooksDeeperThanK() {
        Retriever one = (query, k, filter) ->
                List.of(new Hit("a", 3), new Hit("m", 2), new Hit("b", 1)).subList(0, Math.min(3, k));
        Retriever other = (query, k, filter) ->
                List.of(new Hit("c", 3), new Hit("m", 2), new Hit("d", 1)).subList(0, Math.min(3, k));
        assertThat(Hit.ids(new Hybrid(List.of(one, other), new ReciprocalRankFusion()).search("", 1)))
                .containsExactly("m");
        assertThat(Hit.ids(new Hybrid(List.of(one, other), new ReciprocalRankFusion(), 1).search("", 1)))
                .containsExactly("a");
        assertThatThrownBy(() -> new Hybrid(List.of(one), new ScoreFusion()).search("", 0))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Hybrid(List.of(one), new ScoreFusion(), 0)).isInstanceOf(ConfigException.class);
    }
}
