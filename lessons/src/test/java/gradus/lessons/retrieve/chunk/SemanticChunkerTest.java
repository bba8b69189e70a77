package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.error.ShapeException;
import gradus.lessons.retrieve.embed.Embedder;
import gradus.train.pretrained.SentenceEmbedding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemanticChunkerTest {
    private static final String TEXT = "Cats purr. Cats hunt mice. Cats sleep. Ships sail. Ships sink. Ships dock.";

    /// Cats are one way, ships another; a text of both lies between.
    private static float[][] subjects(List<String> texts) {
        float[][] vectors = new float[texts.size()][2];
        for (int i = 0; i < vectors.length; i++) {
            double cats = texts.get(i).split("Cats", -1).length - 1;
            double ships = texts.get(i).split("Ships", -1).length - 1;
            double length = Math.max(Math.hypot(cats, ships), 1);
            vectors[i] = new float[] {(float) (cats / length), (float) (ships / length)};
        }
        return vectors;
    }

    private static List<String> texts(Chunker chunker) {
        return chunker.chunk(TEXT).stream().map(Chunk::text).toList();
    }

    @Test
    void cutsWhereTheSubjectChanges() {
        SemanticChunker chunker = new SemanticChunker(SemanticChunkerTest::subjects);
        for (BreakRule rule : List.of(
                new BreakRule.Percentile(95),
                new BreakRule.Deviation(1),
                new BreakRule.Interquartile(1.5),
                new BreakRule.NumberOfChunks(2))) {
            assertThat(texts(chunker.withBuffer(0).withRule(rule)))
                    .as(rule.toString())
                    .containsExactly("Cats purr. Cats hunt mice. Cats sleep.", "Ships sail. Ships sink. Ships dock.");
        }
    }

    /// With windows of three, both neighbours of the change are mixed: 3:0, 3:0, 2:1, 1:2, 0:3, 0:3.
    @Test
    void distancesByHand() {
        SemanticChunker chunker = new SemanticChunker(SemanticChunkerTest::subjects);
        double[] distances = chunker.distances(TEXT, Sentences.of(TEXT));
        double edge = 1 - 2 / Math.sqrt(5);
        double[] expected = {0, edge, 1 - 4.0 / 5, edge, 0};
        for (int i = 0; i < expected.length; i++) {
            // the vectors are floats below 1: each product is off by up to 2 · 2⁻²⁴, and there are two of them
            assertThat(distances[i]).isCloseTo(expected[i], within(2.4e-7));
        }
        assertThat(distances).hasSize(5);
    }

    @Test
    void windowsAreTheTextAsItStands() {
        List<String> seen = new ArrayList<>();
        Embedder watching = texts -> {
            seen.addAll(texts);
            return subjects(texts);
        };
        new SemanticChunker(watching).chunk("A.  B.\n\nC. D.");
        assertThat(seen).containsExactly("A.  B.", "A.  B.\n\nC.", "B.\n\nC. D.", "C. D.");
    }

    @Test
    void aShortChunkIsNotCutOff() {
        SemanticChunker chunker =
                new SemanticChunker(SemanticChunkerTest::subjects).withBuffer(0).withRule(new BreakRule.Percentile(50));
        String text = "Cats purr. Ships sail. Ships sail on and on.";
        assertThat(chunker.chunk(text)).hasSize(2);
        assertThat(chunker.withMinChunkSize(10).chunk(text)).hasSize(2);
        assertThat(chunker.withMinChunkSize(11).chunk(text)).hasSize(1);
    }

    @Test
    void whatIsLongIsCutBetweenSentences() {
        SemanticChunker chunker = new SemanticChunker(SemanticChunkerTest::subjects)
                .withBuffer(0)
                .withSize(ChunkSize.of(26).withOverlap(11));
        assertThat(texts(chunker))
                .containsExactly(
                        "Cats purr. Cats hunt mice.",
                        "Cats sleep.",
                        "Ships sail. Ships sink.",
                        "Ships sink. Ships dock.");
    }

    @Test
    void oneSentenceNeedsNoEmbedder() {
        Chunker chunker = new SemanticChunker(texts -> {
            throw new AssertionError("asked");
        });
        assertThat(chunker.chunk(" One only. "))
                .singleElement()
                .satisfies(each -> assertThat(each.start()).isOne());
    }

    @Test
    void zeroVectorsAreAlikeToNothing() {
        Chunker chunker = new SemanticChunker(texts -> new float[texts.size()][3]);
        assertThat(chunker.chunk(TEXT)).as("all distances are 1").hasSize(1);
    }

    @Test
    void badVectors() {
        assertThatThrownBy(() -> new SemanticChunker(texts -> new float[1][2]).chunk(TEXT))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("1 vectors for 6 texts");
        assertThatThrownBy(() -> new SemanticChunker(texts -> {
                            float[][] vectors = subjects(texts);
                            vectors[3] = new float[5];
                            return vectors;
                        })
                        .chunk(TEXT))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("of 2 and of 5 numbers");
        assertThatThrownBy(() -> new ClusterChunker(
                                texts -> {
                                    float[][] vectors = subjects(texts);
                                    vectors[2][1] = Float.NaN;
                                    return vectors;
                                },
                                ChunkSize.of(9))
                        .chunk(TEXT))
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new SemanticChunker(SemanticChunkerTest::subjects).withBuffer(-1))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SemanticChunker(SemanticChunkerTest::subjects).withMinChunkSize(-1))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void miniLmKnowsCatsFromShips() {
        String text = "The cat purred on the sofa. It licked its paws and slept. A kitten chased the mouse around"
                + " the house. The central bank raised its interest rates. Inflation had reached four percent."
                + " Investors sold their bonds.";
        Embedder miniLm = Embedder.of(SentenceEmbedding.miniLm());
        int bank = text.indexOf("The central bank");
        assertThat(new SemanticChunker(miniLm)
                        .withBuffer(0)
                        .withRule(new BreakRule.NumberOfChunks(2))
                        .chunk(text))
                .extracting(Chunk::start)
                .containsExactly(0, bank);
        assertThat(new ClusterChunker(miniLm, ChunkSize.of(1000)).chunk(text))
                .extracting(Chunk::start)
                .containsExactly(0, bank);
    }
}
