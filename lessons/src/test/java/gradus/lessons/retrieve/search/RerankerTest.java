package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RerankerTest {
    private static final List<Hit> HITS = List.of(new Hit("a", 3), new Hit("bb", 2), new Hit("ccc", 1));
    private static final Reranker LONGEST =
            (query, texts) -> texts.stream().mapToDouble(String::length).toArray();

    @Property(tries = 200)
    void noneIsLostAndNoneAdded(@ForAll long seed, @ForAll @IntRange(min = 0, max = 30) int n) {
        Rng rng = Rng.of(seed);
        List<Hit> candidates = new ArrayList<>();
        IntStream.range(0, n).forEach(i -> candidates.add(new Hit("d" + i, rng.uniform(i))));
        Reranker chance = (query, texts) ->
                IntStream.range(0, n).mapToDouble(i -> rng.index(100 + i, 5)).toArray();
        List<Hit> reranked = chance.rerank("q", candidates, id -> id);
        assertThat(Hit.ids(reranked)).containsExactlyInAnyOrderElementsOf(Hit.ids(candidates));
        assertThat(reranked).isSortedAccordingTo(Hit.BEST_FIRST);
    }

    @Test
    void itSeesQuestionAndTexts() {
        Reranker seeing = (query, texts) -> {
            assertThat(query).isEqualTo("q");
            assertThat(texts).containsExactly("text a", "text bb", "text ccc");
            return new double[] {1, 5, 3};
        };
        assertThat(seeing.rerank("q", HITS, id -> "text " + id))
                .containsExactly(new Hit("bb", 5), new Hit("ccc", 3), new Hit("a", 1));
    }

    @Test
    void aRetrieverIsReranked() {
        Retriever first = (query, k, filter) -> HITS.subList(0, Math.min(k, 3));
        assertThat(Hit.ids(new Reranked(first, LONGEST, id -> id, 3).search("q", 1)))
                .containsExactly("ccc");
        assertThat(Hit.ids(new Reranked(first, LONGEST, id -> id, 2).search("q", 2)))
                .containsExactly("bb", "a");
        assertThatThrownBy(() -> new Reranked(first, LONGEST, id -> id, 0)).isInstanceOf(ConfigException.class);
    }

    @Test
    void scoresThatDoNotFit() {
        assertThatThrownBy(() -> ((Reranker) (query, texts) -> new double[2]).rerank("q", HITS, id -> id))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the reranker gave 2 scores for 3 texts");
        assertThatThrownBy(() ->
                        ((Reranker) (query, texts) -> new double[] {1, Double.NaN, 2}).rerank("q", HITS, id -> id))
                .isInstanceOf(NumericException.class)
                .hasMessage("the reranker gave bb a score that is no number");
    }
}
