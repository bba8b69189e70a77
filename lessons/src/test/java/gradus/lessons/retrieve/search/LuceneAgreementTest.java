package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.lessons.retrieve.index.Glosses;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.apache.lucene.search.TotalHits.Relation;
import org.junit.jupiter.api.Test;

/// Ours beside Lucene's.
class LuceneAgreementTest {
    private static final Analysis ANALYSIS = Analysis.standard();
    private static final List<Document> GLOSSES = Glosses.all();

    /// 200 collections, 5 questions to each.
    @Property(tries = 200)
    void bm25OnDrawnCollections(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int count,
            @ForAll @IntRange(min = 1, max = 40) int words,
            @ForAll @IntRange(min = 1, max = 300) int longest,
            @ForAll @DoubleRange(min = 0, max = 3) double k1,
            @ForAll @DoubleRange(min = 0, max = 1) double b) {
        Bm25Options options = new Bm25Options((float) k1, (float) b, false); // what Lucene takes
        List<Document> documents = Corpora.drawn(seed, count, words, longest);
        Bm25 ours = new Bm25(documents, ANALYSIS, options);
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, null)) {
            Retriever lucene = index.bm25(options);
            for (int q = 0; q < 5; q++) {
                assertAgree(ours, lucene, places(documents), Corpora.query(seed, q, words), count);
            }
        }
    }

    /// The beginnings of 1,000 glosses as questions to 3,927 glosses.
    @Test
    void bm25OnWordNet() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < GLOSSES.size(); i += 30) {
            documents.add(GLOSSES.get(i));
        }
        Bm25Options options = Bm25Options.defaults().withExactLengths(false);
        Bm25 ours = new Bm25(documents, ANALYSIS, options);
        Rng rng = Rng.of(3);
        Map<String, Integer> places = places(documents);
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, null)) {
            Retriever lucene = index.bm25();
            for (int q = 0; q < 1000; q++) {
                String text = GLOSSES.get(rng.index(q, GLOSSES.size())).text();
                assertAgree(ours, lucene, places, text.substring(0, Math.min(40, text.length())), 50);
            }
        }
    }

    /// Where each document stands.
    private static Map<String, Integer> places(List<Document> documents) {
        Map<String, Integer> places = new HashMap<>();
        documents.forEach(document -> places.put(document.id(), places.size()));
        return places;
    }

    /// Lucene computes in float: a term's score is `w − w / (1 + x)`, with an error of half a unit in the last
    /// place of w for each of four operations, 2.4e-7·w; the sum of all w is below 12 for each of the
    /// question's terms. So the tolerance is 1e-6 of the sum of the weights, or of 1.
    private static void assertAgree(Bm25 ours, Retriever lucene, Map<String, Integer> places, String query, int k) {
        double tolerance = 1e-6 * Math.max(1, ANALYSIS.of(query).size());
        List<Hit> mine = ours.search(query, k);
        List<Hit> theirs = lucene.search(query, k);
        assertThat(theirs).as(query).hasSameSizeAs(mine);
        double[] scores = ours.scores(query);
        for (int i = 0; i < mine.size(); i++) {
            assertThat(theirs.get(i).score()).isCloseTo(mine.get(i).score(), within(tolerance));
            assertThat(theirs.get(i).score())
                    .isCloseTo(scores[places.get(theirs.get(i).id())], within(tolerance));
        }
    }

    /// A repeated term counts repeatedly in both, and equal scores come by id.
    @Test
    void repeatedTermsAndEqualScores() {
        List<Document> documents =
                List.of(Document.of("b", "cat dog"), Document.of("a", "cat dog"), Document.of("c", "dog"));
        Bm25 ours = new Bm25(documents, ANALYSIS, Bm25Options.defaults().withExactLengths(false));
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, null)) {
            for (String query : List.of("cat", "cat cat cat", "dog cat dog", "", "mouse")) {
                assertAgree(ours, index.bm25(), places(documents), query, 3);
                assertThat(Hit.ids(index.bm25().search(query, 2))).isEqualTo(Hit.ids(ours.search(query, 2)));
            }
            assertThat(Hit.ids(index.bm25().search("cat", 1))).containsExactly("a");
        }
    }

    /// More terms than Lucene allows of itself.
    @Test
    void aQuestionOfThreeThousandWords() {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            query.append('w').append(i).append(' ');
        }
        List<Document> documents = Corpora.drawn(7, 50, 3000, 40);
        Bm25 ours = new Bm25(documents, ANALYSIS, Bm25Options.defaults().withExactLengths(false));
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, null)) {
            assertAgree(ours, index.bm25(), places(documents), query.toString(), 10);
        }
    }

    /// Filters of every kind, by words and by vectors.
    @Property(tries = 200)
    void filtersAcceptTheSame(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        List<Document> documents = Corpora.drawn(seed, count, 10, 12);
        WordVectors vectors = new WordVectors(16);
        Filter filter = filter(Rng.of(seed), 3);
        Bm25 ours = new Bm25(documents, ANALYSIS, Bm25Options.defaults().withExactLengths(false));
        ExactVectors exact = new ExactVectors(documents, vectors);
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, vectors)) {
            String query = Corpora.query(seed, 0, 10);
            assertThat(Hit.ids(index.bm25().search(query, count, filter)))
                    .as("%s", filter)
                    .containsExactlyInAnyOrderElementsOf(Hit.ids(ours.search(query, count, filter)));
            List<Hit> near = exact.search(query, 5, filter);
            List<Hit> found = index.vectors(vectors).search(query, 5, filter);
            assertThat(found).hasSameSizeAs(near);
            for (int i = 0; i < near.size(); i++) {
                assertThat(found.get(i).score()).isCloseTo(near.get(i).score(), within(1e-6));
            }
        }
    }

    private static Filter filter(Rng rng, int depth) {
        return switch (rng.index(0, depth == 0 ? 4 : 7)) {
            case 0 -> Filter.all();
            case 1 -> Filter.equal("kind", "k" + rng.index(1, 6));
            case 2 -> Filter.oneOf("kind", "k0", "k" + (1 + rng.index(1, 3)));
            case 3 -> Filter.range("year", 1985 + rng.index(1, 15), 2000 + rng.index(2, 15));
            case 4 -> filter(rng.at(1), depth - 1).and(filter(rng.at(2), depth - 1));
            case 5 -> filter(rng.at(1), depth - 1).or(filter(rng.at(2), depth - 1));
            default -> filter(rng.at(1), depth - 1).not();
        };
    }

    /// 150 questions to a graph of 4,000 documents.
    @Test
    void theGraphFindsNearlyWhatIsNearest() {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            documents.add(GLOSSES.get(i * 29));
        }
        WordVectors vectors = new WordVectors(64);
        ExactVectors exact = new ExactVectors(documents, vectors);
        int found = 0;
        try (DocumentIndex index = DocumentIndex.inMemory(documents, ANALYSIS, vectors)) {
            Retriever graph = index.vectors(vectors);
            for (int q = 0; q < 150; q++) {
                String query = GLOSSES.get(q * 767 + 5).text();
                List<String> near = Hit.ids(exact.search(query, 10));
                found += (int) Hit.ids(graph.search(query, 10)).stream()
                        .filter(near::contains)
                        .count();
            }
        }
        System.out.println("recall@10 of the graph: " + found / 1500.0);
        assertThat(found / 1500.0).isGreaterThanOrEqualTo(0.99);
    }

    /// Lucene adds floats, in the order of the rankings: with at most 4 of them of at most 1/61, the error is
    /// below 4e-9.
    @Property(tries = 200)
    void reciprocalRankFusion(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int rankings,
            @ForAll @IntRange(min = 1, max = 30) int n) {
        List<List<Hit>> ours = new ArrayList<>();
        TopDocs[] theirs = new TopDocs[rankings];
        for (int r = 0; r < rankings; r++) {
            List<Hit> hits = new ArrayList<>();
            Rng rng = Rng.of(seed).at(r);
            for (int d = 0; d < n; d++) {
                if (rng.uniform(2 * d) < 0.7) {
                    hits.add(new Hit("%02d".formatted(d), rng.uniform(2 * d + 1)));
                }
            }
            hits.sort(Hit.BEST_FIRST);
            ours.add(hits);
            theirs[r] = new TopDocs(
                    new TotalHits(hits.size(), Relation.EQUAL_TO),
                    hits.stream()
                            .map(hit -> new ScoreDoc(Integer.parseInt(hit.id()), (float) hit.score(), 0))
                            .toArray(ScoreDoc[]::new));
        }
        List<Hit> fused = new ReciprocalRankFusion().fuse(ours);
        ScoreDoc[] lucene = TopDocs.rrf(n, 60, theirs).scoreDocs;
        assertThat(fused).hasSize(lucene.length);
        for (int i = 0; i < lucene.length; i++) {
            assertThat((double) lucene[i].score).isCloseTo(fused.get(i).score(), within(1e-8));
            assertThat("%02d".formatted(lucene[i].doc)).isEqualTo(fused.get(i).id());
        }
    }
}
