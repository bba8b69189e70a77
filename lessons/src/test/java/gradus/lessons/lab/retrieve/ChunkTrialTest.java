package gradus.lessons.lab.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.retrieve.ChunkTrial.Piece;
import gradus.lessons.lab.retrieve.TopicPages.Asked;
import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.RecursiveChunker;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Pages whose truth is known, cut and searched.
class ChunkTrialTest {
    private static final WordNet NET = WordNet.read();
    private static final TopicPages PAGES = TopicPages.of(NET, 20, Rng.of(1));

    @Test
    void aQuestionsPlaceIsItsParagraph() {
        assertThat(PAGES.texts()).hasSize(20);
        assertThat(PAGES.questions()).hasSizeGreaterThan(40);
        for (Asked asked : PAGES.questions()) {
            String page = PAGES.texts().get(asked.page());
            String paragraph = page.substring(asked.start(), asked.end());
            assertThat(paragraph).doesNotContain("\n").endsWith(".").contains(": ");
            assertThat(page.substring(0, asked.start())).endsWith("\n\n");
            assertThat(page.substring(asked.end())).startsWith("\n\n");
            assertThat(paragraph).as("what is asked was taken out").doesNotContain(asked.text());
            String word = paragraph.split("[,:]")[0];
            assertThat(NET.senses(word))
                    .anyMatch(sense -> sense.definition().contains(asked.text())
                            || sense.examples().stream()
                                    .anyMatch(sentence ->
                                            sentence.startsWith(asked.text().split("___")[0])));
        }
        assertThat(TopicPages.of(NET, 20, Rng.of(1))).isEqualTo(PAGES);
    }

    @Test
    void noTopicComesTwice() {
        TopicPages many = TopicPages.of(NET, 1000, Rng.of(2));
        List<String> paragraphs = many.texts().values().stream()
                .flatMap(text -> text.lines().filter(line -> !line.isEmpty() && !line.startsWith("# ")))
                .toList();
        assertThat(new HashSet<>(paragraphs)).hasSize(paragraphs.size());
        assertThatThrownBy(() -> TopicPages.of(NET, 1_000_000, Rng.of(2)))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("WordNet has topics for [0-9]+ pages; got 1000000");
    }

    private static Piece piece(String page, int start, int end) {
        return new Piece(page, new Chunk("x".repeat(end - start), start, end, List.of()));
    }

    @Test
    void rightIsWhatHasHalf() {
        Asked asked = new Asked("q", "p", 100, 200);
        assertThat(ChunkTrial.isRight(asked, piece("p", 0, 150))).isTrue();
        assertThat(ChunkTrial.isRight(asked, piece("p", 0, 149))).isFalse();
        assertThat(ChunkTrial.isRight(asked, piece("p", 190, 210))).isTrue();
        assertThat(ChunkTrial.isRight(asked, piece("p", 191, 211))).isFalse();
        assertThat(ChunkTrial.isRight(asked, piece("other", 100, 200))).isFalse();
    }

    @Test
    void readingEndsWithTheBudget() {
        Asked asked = new Asked("q", "p", 100, 200);
        List<Piece> found = List.of(piece("other", 0, 60), piece("p", 90, 130), piece("p", 120, 200));
        assertThat(ChunkTrial.read(asked, found, 1000)).isEqualTo(1);
        assertThat(ChunkTrial.read(asked, found, 100)).isCloseTo(0.3, within(1e-12));
        assertThat(ChunkTrial.read(asked, found, 120)).isCloseTo(0.4, within(1e-12));
        assertThat(ChunkTrial.read(asked, found, 80)).isCloseTo(0.1, within(1e-12));
        assertThat(ChunkTrial.read(asked, found, 60)).isZero();
    }

    /// Vectors of two numbers that say nothing.
    private static final NamedEmbedder DULL = new NamedEmbedder() {
        @Override
        public String name() {
            return "dull";
        }

        @Override
        public int dim() {
            return 2;
        }

        @Override
        public float[][] embed(List<String> texts) {
            return texts.stream().map(text -> new float[] {1, text.length()}).toArray(float[][]::new);
        }
    };

    @Test
    void everyWayOfSearchingHasARow() {
        ChunkTrial trial = new ChunkTrial(PAGES);
        Map<String, Piece> pieces = trial.cut(new RecursiveChunker(ChunkSize.of(200)));
        assertThat(new HashSet<>(pieces.values())).hasSize(pieces.size());
        pieces.forEach((id, piece) -> assertThat(PAGES.texts()
                        .get(piece.page())
                        .substring(piece.chunk().start(), piece.chunk().end()))
                .isEqualTo(piece.chunk().text()));
        String rows = trial.rows(
                "recursive",
                new RecursiveChunker(ChunkSize.of(200)),
                (documents, texts) -> new Searches(documents, texts::get, DULL, DULL));
        assertThat(rows.lines()).hasSize(7);
        assertThat(rows.lines().findFirst().orElseThrow())
                .matches("\\| recursive \\| [0-9]+ \\| BM25 \\| 0\\.[0-9]{3} \\[.*\\] \\| 0\\.[0-9]{3} \\[.*\\] \\|");
        String[] ours = rows.lines().findFirst().orElseThrow().split("\\|");
        String[] lucene = rows.lines().skip(1).findFirst().orElseThrow().split("\\|");
        assertThat(ours[4]).as("with lengths in one byte, nearly the same").isNotBlank();
        assertThat(lucene[3]).contains("Lucene");
    }

    @Test
    void thereAreEightWaysOfCutting() {
        var all = Chunkers.of(200, DULL, sentences -> new double[sentences.size() - 1]);
        assertThat(all).hasSize(8);
        ChunkTrial trial = new ChunkTrial(PAGES);
        all.forEach((name, chunker) -> trial.cut(chunker)
                .values()
                .forEach(piece ->
                        assertThat(piece.chunk().text().length()).as(name).isLessThanOrEqualTo(400)));
    }
}
