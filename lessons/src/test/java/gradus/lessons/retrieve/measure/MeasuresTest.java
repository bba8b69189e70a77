package gradus.lessons.retrieve.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class MeasuresTest {
    private static final Map<String, IntFunction<Measure>> ALL = Map.of(
            "nDCG", Ndcg::new,
            "precision", Precision::new,
            "recall", Recall::new,
            "MRR", ReciprocalRank::new,
            "MAP", AveragePrecision::new);

    /// Documents d0, d1, … with drawn grades, the one of d0 at least 1; most of them found, in a drawn order,
    /// among strangers.
    private static Judged drawn(long seed, int n) {
        Rng rng = Rng.of(seed);
        Map<String, Integer> grades = new HashMap<>();
        List<String> ranking = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            grades.put("d" + i, i == 0 ? 1 + rng.index(0, 4) : Math.max(0, rng.index(i, 7) - 3));
            if (rng.uniform(100 + i) < 0.7) {
                ranking.add("d" + i);
            }
            if (rng.uniform(200 + i) < 0.3) {
                ranking.add("stranger" + i);
            }
        }
        ranking.sort(Comparator.comparingLong(id -> rng.at(id).bits(0)));
        return new Judged(ranking, grades);
    }

    @Property(tries = 200)
    void fromNoneToPerfect(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 50) int k) {
        Judged judged = drawn(seed, n);
        Judged none = new Judged(List.of("stranger"), judged.grades());
        List<String> best = judged.grades().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        Judged perfect = new Judged(best, judged.grades());
        int relevant = judged.relevant();
        ALL.forEach((name, make) -> {
            Measure measure = make.apply(k);
            assertThat(measure.name()).isEqualTo(name + "@" + k);
            assertThat(measure.of(judged)).as(name).isBetween(0.0, 1.0);
            assertThat(measure.of(none)).as(name).isZero();
            double most = switch (name) {
                case "precision" -> Math.min(relevant, k) / (double) k;
                case "recall", "MAP" -> Math.min(relevant, k) / (double) relevant;
                default -> 1;
            };
            assertThat(measure.of(perfect)).as(name).isCloseTo(most, within(1e-15));
            assertThat(measure.of(judged)).as(name).isLessThanOrEqualTo(most + 1e-15);
        });
    }

    @Property(tries = 200)
    void theDeeperTheMoreIsFound(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int n) {
        Judged judged = drawn(seed, n);
        for (int k = 1; k < 60; k++) {
            assertThat(new Recall(k + 1).of(judged)).isGreaterThanOrEqualTo(new Recall(k).of(judged));
            assertThat(new ReciprocalRank(k + 1).of(judged)).isGreaterThanOrEqualTo(new ReciprocalRank(k).of(judged));
            assertThat(new AveragePrecision(k + 1).of(judged))
                    .isGreaterThanOrEqualTo(new AveragePrecision(k).of(judged));
        }
    }

    /// To bring a document with a higher grade forward never makes a ranking worse.
    @Property(tries = 200)
    void forwardIsBetter(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int n, @ForAll @IntRange(min = 1, max = 50) int k) {
        Judged judged = drawn(seed, n);
        for (int i = 0; i + 1 < judged.ranking().size(); i++) {
            if (judged.grade(i) < judged.grade(i + 1)) {
                List<String> swapped = new ArrayList<>(judged.ranking());
                swapped.add(i, swapped.remove(i + 1));
                Judged better = new Judged(swapped, judged.grades());
                ALL.forEach((name, make) -> assertThat(make.apply(k).of(better))
                        .as(name)
                        .isGreaterThanOrEqualTo(make.apply(k).of(judged) - 1e-15));
            }
        }
    }

    /// torchmetrics 1.9.0 and scikit-learn 1.9.1, which compute in float32: half a unit in the last place for
    /// each of at most 25 steps is 25·2⁻²⁴ = 1.5e-6.
    @Test
    void goldens() throws Exception {
        JsonNode cases;
        try (InputStream in = MeasuresTest.class.getResourceAsStream("measures.json")) {
            cases = new ObjectMapper().readTree(in);
        }
        int compared = 0;
        for (JsonNode each : cases) {
            Map<String, Integer> grades = new LinkedHashMap<>();
            each.get("grades").forEach(grade -> grades.put("d" + grades.size(), grade.intValue()));
            Judged judged = new Judged(List.copyOf(grades.keySet()), grades);
            for (String key : each.propertyNames()) {
                if (key.contains("@")) {
                    String[] parts = key.split("@");
                    Measure measure = ALL.get(parts[0]).apply(Integer.parseInt(parts[1]));
                    assertThat(measure.of(judged))
                            .as(key)
                            .isCloseTo(each.get(key).doubleValue(), within(2e-6));
                    compared++;
                }
            }
        }
        assertThat(cases).hasSize(60);
        assertThat(compared).isGreaterThan(700);
    }

    /// Grades 0, 2 and an unknown one were found, 1 was not: DCG 2/log₂ 3, ideal 2 + 1/log₂ 3.
    @Test
    void byHand() {
        Judged judged = new Judged(List.of("zero", "two", "new"), Map.of("zero", 0, "two", 2, "one", 1));
        double second = 1 / (Math.log(3) / Math.log(2));
        assertThat(new Ndcg(10).of(judged)).isCloseTo(2 * second / (2 + second), within(1e-15));
        assertThat(new Ndcg(1).of(judged)).isZero();
        assertThat(new Recall(2).of(judged)).isEqualTo(0.5);
        assertThat(new Precision(5).of(judged)).isEqualTo(0.2);
        assertThat(new ReciprocalRank(3).of(judged)).isEqualTo(0.5);
        assertThat(new ReciprocalRank(1).of(judged)).isZero();
        assertThat(new AveragePrecision(3).of(judged)).isEqualTo(0.25);
    }

    @Test
    void whatIsNoJudgement() {
        assertThatThrownBy(() -> new Judged(List.of("a", "a"), Map.of("a", 1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a stands in the ranking twice");
        assertThatThrownBy(() -> new Judged(List.of(), Map.of("a", -1)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the grade of a is negative: -1");
        assertThatThrownBy(() -> new Judged(List.of(), Map.of("a", 0)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("no document is relevant to the question");
        ALL.values().forEach(make -> assertThatThrownBy(() -> make.apply(0)).isInstanceOf(ConfigException.class));
    }

    @Test
    void questionsWithoutRelevantDocumentsAreSkipped() {
        LinkedHashMap<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
        judgements.put("q1", Map.of("a", 1));
        judgements.put("q2", Map.of("a", 0));
        judgements.put("q3", Map.of("b", 1));
        judgements.put("q4", Map.of());
        Evaluation evaluation =
                Evaluation.of(new ReciprocalRank(10), Map.of("q1", List.of("b", "a"), "q2", List.of("a")), judgements);
        assertThat(evaluation.values()).containsExactly(Map.entry("q1", 0.5), Map.entry("q3", 0.0));
        assertThat(evaluation.skipped()).containsExactly("q2", "q4");
        assertThat(evaluation.mean()).isEqualTo(0.25);
        assertThat(evaluation.toArray()).containsExactly(0.5, 0);
        assertThat(Evaluation.of(new Recall(1), Map.of(), new LinkedHashMap<>()).mean())
                .isNaN();
    }
}
