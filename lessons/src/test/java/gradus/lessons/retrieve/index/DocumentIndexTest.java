package gradus.lessons.retrieve.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.lessons.retrieve.search.Analysis;
import gradus.lessons.retrieve.search.Bm25;
import gradus.lessons.retrieve.search.Bm25Options;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Filter;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.PrefixEmbedder;
import gradus.lessons.retrieve.search.Retriever;
import gradus.lessons.retrieve.search.Source;
import gradus.lessons.retrieve.search.WordVectors;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentIndexTest {
    private static final Analysis ANALYSIS = Analysis.standard();
    private static final WordVectors VECTORS = new WordVectors(16);

    @TempDir
    Path temporary;

    private static Document of(String path, int number, String text) {
        return new Document(
                path + "#" + number, text, Map.of("n", "" + number), new Source(path, 7, 7 + text.length()));
    }

    @Test
    void whatIsAddedIsFoundAgain() {
        Document document = of("a.txt", 1, "Große Katzen\nand dogs \uD83D\uDC31");
        Path folder = temporary.resolve("new/index");
        try (IndexEditor editor = IndexEditor.open(folder, ANALYSIS, VECTORS)) {
            editor.add(List.of(document, of("a.txt", 2, "mice")));
            editor.commit();
        }
        try (DocumentIndex index = DocumentIndex.open(folder)) {
            assertThat(index.size()).isEqualTo(2);
            assertThat(index.document("a.txt#1")).contains(document);
            assertThat(index.document("a.txt#3")).isEmpty();
            assertThat(index.hasVectors()).isTrue();
            assertThat(index.embedding()).isEqualTo("words");
            assertThat(index.analysis()).isEqualTo("standard");
            assertThat(Hit.ids(index.bm25().search("katzen", 5))).containsExactly("a.txt#1");
            assertThat(index.vectors(VECTORS).search("mice", 1).getFirst().id()).isEqualTo("a.txt#2");
            assertThat(Hit.ids(index.vectors(VECTORS).search("mice", 5, Filter.equal("n", "1"))))
                    .containsExactly("a.txt#1");
            assertThat(index.bm25().search("nothing", 5)).isEmpty();
        }
    }

    /// Against a map, with commits and openings in between.
    @Property(tries = 200)
    void addedReplacedAndDeleted(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int changes) {
        Rng rng = Rng.of(seed);
        Map<String, Document> kept = new TreeMap<>();
        Map<String, Document> seen = new TreeMap<>();
        try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
            IndexEditor editor = IndexEditor.open(directory, "memory", ANALYSIS, null);
            for (int i = 0; i < changes; i++) {
                String path = "f" + rng.index(10 * i, 4);
                switch (rng.index(10 * i + 1, 6)) {
                    case 0, 1 -> {
                        Document added = of(path, rng.index(10 * i + 2, 3), "word w" + i);
                        editor.add(List.of(added));
                        kept.put(added.id(), added);
                    }
                    case 2 -> {
                        String id = path + "#" + rng.index(10 * i + 2, 3);
                        editor.delete(id);
                        kept.remove(id);
                    }
                    case 3 -> {
                        List<Document> now = new ArrayList<>();
                        for (int n = 0; n < rng.index(10 * i + 2, 4); n++) {
                            now.add(of(path, n, "word w" + i));
                        }
                        editor.replace(path, now);
                        kept.values().removeIf(each -> each.source().path().equals(path));
                        now.forEach(each -> kept.put(each.id(), each));
                    }
                    case 4 -> {
                        editor.commit();
                        seen = new TreeMap<>(kept);
                    }
                    default -> {
                        editor.close(); // forgets what was not committed
                        editor = IndexEditor.open(directory, "memory", ANALYSIS, null);
                        kept.clear();
                        kept.putAll(seen);
                    }
                }
                assertHolds(directory, seen);
            }
            editor.compact();
            editor.close();
            assertHolds(directory, kept);
            assertScoresAsIfNew(directory, kept);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertHolds(ByteBuffersDirectory directory, Map<String, Document> expected) {
        try (DocumentIndex index = DocumentIndex.open(directory, "memory")) {
            assertThat(index.size()).isEqualTo(expected.size());
            assertThat(Hit.ids(index.bm25().search("word", 100)))
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
            expected.forEach((id, document) -> assertThat(index.document(id)).contains(document));
        }
    }

    private static void assertScoresAsIfNew(ByteBuffersDirectory directory, Map<String, Document> kept) {
        Bm25 ours = new Bm25(
                List.copyOf(kept.values()), ANALYSIS, Bm25Options.defaults().withExactLengths(false));
        try (DocumentIndex index = DocumentIndex.open(directory, "memory")) {
            List<Hit> mine = ours.search("word", 100);
            List<Hit> theirs = index.bm25().search("word", 100);
            assertThat(Hit.ids(theirs)).isEqualTo(Hit.ids(mine));
            for (int i = 0; i < mine.size(); i++) {
                assertThat(theirs.get(i).score()).isCloseTo(mine.get(i).score(), within(1e-6));
            }
        }
    }

    @Test
    void readersSeeCommitsAndOnlyWhenTheyAsk() {
        try (IndexEditor editor = IndexEditor.open(temporary, ANALYSIS)) {
            try (DocumentIndex one = DocumentIndex.open(temporary);
                    DocumentIndex other = DocumentIndex.open(temporary)) {
                Retriever words = one.bm25();
                editor.add(List.of(Document.of("a", "cat")));
                one.refresh();
                assertThat(words.search("cat", 1)).isEmpty();
                editor.commit();
                assertThat(words.search("cat", 1)).isEmpty();
                one.refresh();
                assertThat(words.search("cat", 1)).hasSize(1);
                assertThat(other.size()).isZero();
                other.refresh();
                assertThat(other.size()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSecondEditorIsRefused() {
        try (IndexEditor editor = IndexEditor.open(temporary, ANALYSIS)) {
            assertThatThrownBy(() -> IndexEditor.open(temporary, ANALYSIS))
                    .isInstanceOf(ResourceException.class)
                    .hasMessage(temporary + " is being written to by another program; wait until it has ended");
            editor.add(List.of(Document.of("a", "cat")));
            editor.commit();
        }
        try (IndexEditor next = IndexEditor.open(temporary, ANALYSIS);
                DocumentIndex index = DocumentIndex.open(temporary)) {
            assertThat(index.size()).isEqualTo(1);
            next.commit();
        }
    }

    @Test
    void anotherAnalysisOrEmbedderIsRefusedByName() {
        IndexEditor.open(temporary, ANALYSIS, VECTORS).close();
        assertThatThrownBy(() -> IndexEditor.open(temporary, Analysis.english(), VECTORS))
                .isInstanceOf(ConfigException.class)
                .hasMessage(temporary + " was indexed with the analysis standard, not with english");
        String vectors =
                " was indexed with the embedding words of 16 numbers, not with %s; their vectors cannot be compared";
        assertThatThrownBy(() -> IndexEditor.open(temporary, ANALYSIS))
                .isInstanceOf(ConfigException.class)
                .hasMessage(temporary + vectors.formatted("none of 0"));
        assertThatThrownBy(() -> IndexEditor.open(temporary, ANALYSIS, new WordVectors(8)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(temporary + vectors.formatted("words of 8"));
        try (DocumentIndex index = DocumentIndex.open(temporary)) {
            assertThatThrownBy(() -> index.vectors(new PrefixEmbedder(VECTORS, 4)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(temporary + vectors.formatted("words[:4] of 4"));
            assertThatThrownBy(() -> index.bm25(Bm25Options.defaults())).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> index.bm25().search("x", 0)).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> index.vectors(VECTORS, 0)).isInstanceOf(ConfigException.class);
            assertThat(index.vectors(VECTORS).search("anything", 3)).isEmpty();
            assertThat(index.bm25().search("anything", 3)).isEmpty();
        }
    }

    @Test
    void documentsOfAnotherFileAndRepeatedOnes() {
        try (IndexEditor editor = IndexEditor.open(temporary, ANALYSIS)) {
            assertThatThrownBy(() -> editor.replace("a.txt", List.of(of("b.txt", 1, "x"))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("document b.txt#1 is said to be of a.txt and comes from b.txt");
            assertThatThrownBy(() -> editor.replace("a.txt", List.of(of("a.txt", 1, "x"), of("a.txt", 1, "y"))))
                    .isInstanceOf(ConfigException.class);
        }
    }
}
