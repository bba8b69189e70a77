package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bm25Test {
    private static final Terms WORDS =
            text -> text.isBlank() ? List.of() : List.of(text.strip().split(" +"));

    /// The equation, in loops over texts, without an index.
    private static double score(List<Document> documents, Document document, String query, double k1, double b) {
        double counted = 0;
        double all = 0;
        for (Document each : documents) {
            counted += each.text().isBlank() ? 0 : 1;
            all += WORDS.of(each.text()).size();
        }
        double score = 0;
        for (String term : WORDS.of(query)) {
            double having = 0;
            for (Document each : documents) {
                having += WORDS.of(each.text()).contains(term) ? 1 : 0;
            }
            double f = 0;
            for (String word : WORDS.of(document.text())) {
                f += word.equals(term) ? 1 : 0;
            }
            if (f > 0) {
                double idf = Math.log1p((counted - having + 0.5) / (having + 0.5));
                double share = WORDS.of(document.text()).size() * counted / all;
                score += idf / (1 + k1 * (1 - b + b * share) / f);
            }
        }
        return score;
    }

    @Property(tries = 200)
    void itIsTheEquation(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int count,
            @ForAll @DoubleRange(min = 0, max = 3) double k1,
            @ForAll @DoubleRange(min = 0, max = 1) double b) {
        List<Document> documents = Corpora.drawn(seed, count, 12, 20);
        Bm25 bm25 = new Bm25(documents, WORDS, new Bm25Options(k1, b, true));
        for (int q = 0; q < 5; q++) {
            String query = Corpora.query(seed, q, 12);
            double[] scores = bm25.scores(query);
            for (int d = 0; d < count; d++) {
                assertThat(scores[d])
                        .isCloseTo(score(documents, documents.get(d), query, k1, b), within(1e-12 * (1 + scores[d])));
            }
        }
    }

    /// A hand computation: two documents, avg 1.5, idf ln(1 + 1.5/1.5) = ln 2; the lengths 2 and 1 give
    /// 1.2·(0.25 + 0.75·4/3) = 1.5.
    @Test
    void byHand() {
        Bm25 bm25 = new Bm25(List.of(Document.of("a", "cat dog"), Document.of("b", "dog")), WORDS);
        assertThat(bm25.scores("cat")).containsExactly(Math.log(2) / 2.5, 0);
        assertThat(bm25.scores("cat cat")[0]).isCloseTo(2 * Math.log(2) / 2.5, within(1e-15));
    }

    @Property(tries = 200)
    void theBestKAreTheFirstOfAllRanked(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int count,
            @ForAll @IntRange(min = 1, max = 50) int k) {
        List<Document> documents = Corpora.drawn(seed, count, 5, 6); // few words, so that scores are often equal
        Bm25 bm25 = new Bm25(documents, WORDS);
        String query = Corpora.query(seed, 0, 5);
        List<Hit> all = bm25.search(query, count);
        assertThat(all).isSortedAccordingTo(Hit.BEST_FIRST);
        assertThat(bm25.search(query, k)).isEqualTo(all.subList(0, Math.min(k, all.size())));
        double[] scores = bm25.scores(query);
        assertThat(all).hasSize((int) Arrays.stream(scores).filter(s -> s > 0).count());
    }

    @Property(tries = 200)
    void neitherTheOrderOfDocumentsNorOfWordsMatters(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int count) {
        List<Document> documents = Corpora.drawn(seed, count, 12, 20);
        String query = Corpora.query(seed, 0, 12);
        String turned = String.join(" ", WORDS.of(query).reversed());
        List<Hit> one = new Bm25(documents, WORDS).search(query, count);
        List<Hit> other = new Bm25(documents.reversed(), WORDS).search(turned, count);
        Map<String, Double> scores = new java.util.HashMap<>();
        other.forEach(hit -> scores.put(hit.id(), hit.score()));
        assertThat(one).hasSameSizeAs(other);
        assertThat(one).allSatisfy(hit -> assertThat(scores.get(hit.id())).isCloseTo(hit.score(), within(1e-12)));
    }

    @Test
    void nothingIsFoundWhereNothingIs() {
        assertThat(new Bm25(List.of(), WORDS).search("cat", 3)).isEmpty();
        Bm25 empty = new Bm25(List.of(Document.of("a", ""), Document.of("b", " ")), WORDS);
        assertThat(empty.search("cat", 3)).isEmpty();
        assertThat(empty.search("", 3)).isEmpty();
    }

    /// Equal scores come by code points: U+FF5E before U+10000, which UTF-16 would turn round.
    @Test
    void equalScoresComeById() {
        List<Document> documents = List.of(
                Document.of("\uD800\uDC00", "cat"),
                Document.of("b", "cat"),
                Document.of("\uFF5E", "cat"),
                Document.of("a", "cat"));
        assertThat(Hit.ids(new Bm25(documents, WORDS).search("cat", 9)))
                .containsExactly("a", "b", "\uFF5E", "\uD800\uDC00");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void settingsOutsideTheirRange(double value) {
        assertThatThrownBy(() -> Bm25Options.defaults().withK1(value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("k1 must be finite and not negative; got " + value);
        assertThatThrownBy(() -> Bm25Options.defaults().withB(value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("b must be from 0 to 1");
    }

    @Test
    void aRepeatedIdAndNoDocumentsToFind() {
        assertThatThrownBy(() -> new Bm25(List.of(Document.of("a", "x"), Document.of("a", "y")), WORDS))
                .isInstanceOf(ConfigException.class)
                .hasMessage("two documents have the id a");
        assertThatThrownBy(() -> new Bm25(List.of(), WORDS).search("x", 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 1; got 0");
    }
}
