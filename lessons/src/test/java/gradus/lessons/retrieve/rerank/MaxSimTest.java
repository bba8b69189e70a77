package gradus.lessons.retrieve.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.NumericException;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.SentenceEmbedder;
import gradus.tensor.random.Rng;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Late interaction. A text's tokens are drawn from its name, as many as its length.
class MaxSimTest {
    private static TokenEmbedder random(int dim, long seed) {
        return texts -> texts.stream()
                .map(text -> {
                    Rng rng = Rng.of(seed).at(text);
                    float[][] tokens = new float[text.length()][dim];
                    for (int t = 0; t < tokens.length; t++) {
                        for (int c = 0; c < dim; c++) {
                            tokens[t][c] = (float) (rng.uniform((long) t * dim + c) * 2 - 1);
                        }
                    }
                    return tokens;
                })
                .toArray(float[][][]::new);
    }

    private static double loop(float[][] query, float[][] passage) {
        double sum = 0;
        for (float[] q : query) {
            double best = passage.length == 0 ? 0 : Double.NEGATIVE_INFINITY;
            for (float[] d : passage) {
                double dot = 0;
                double a = 0;
                double b = 0;
                for (int c = 0; c < q.length; c++) {
                    dot += (double) q[c] * d[c];
                    a += (double) q[c] * q[c];
                    b += (double) d[c] * d[c];
                }
                best = Math.max(best, dot / Math.sqrt(a * b));
            }
            sum += best;
        }
        return sum;
    }

    /// Vectors of length 1 are float32, so a cosine is off by some 1e-7, and the sum by as many as the question
    /// has tokens.
    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 0, max = 6) int asked,
            @ForAll @IntRange(min = 0, max = 8) int count,
            @ForAll @IntRange(min = 1, max = 9) int dim,
            @ForAll long seed) {
        TokenEmbedder embedder = random(dim, seed);
        String query = "q".repeat(asked);
        List<String> texts = IntStream.range(0, count).mapToObj("d"::repeat).toList();
        double[] scores = new MaxSim(embedder).scores(query, texts);
        assertThat(scores).hasSize(count);
        float[][][] tokens = embedder.tokens(texts);
        float[][] question = embedder.tokens(List.of(query))[0];
        for (int i = 0; i < count; i++) {
            assertThat(scores[i]).isCloseTo(loop(question, tokens[i]), within(1e-6 * Math.max(1, asked)));
            assertThat(scores[i]).isLessThanOrEqualTo(asked + 1e-6);
        }
        if (asked > 0) {
            double own = new MaxSim(embedder).scores(query, List.of(query))[0];
            assertThat(own).as("a text fits itself best").isCloseTo(asked, within(1e-6 * asked));
        }
        List<String> turned = new ArrayList<>(texts);
        Collections.reverse(turned);
        double[] backwards = new MaxSim(embedder).scores(query, turned);
        for (int i = 0; i < count; i++) {
            assertThat(backwards[count - 1 - i]).isEqualTo(scores[i]);
        }
    }

    @Test
    void agreesWithSentenceTransformers() throws IOException {
        try (InputStream in = MaxSimTest.class.getResourceAsStream("golden.json")) {
            for (JsonNode draw : JsonMapper.shared().readTree(in)) {
                List<float[][]> passages = new ArrayList<>();
                draw.get("passages").forEach(each -> passages.add(matrix(each)));
                float[][] query = matrix(draw.get("query"));
                TokenEmbedder embedder = texts -> texts.stream()
                        .map(text -> text.equals("q") ? query : passages.get(Integer.parseInt(text)))
                        .toArray(float[][][]::new);
                List<String> names = IntStream.range(0, passages.size())
                        .mapToObj(String::valueOf)
                        .toList();
                double[] scores = new MaxSim(embedder).scores("q", names);
                for (int i = 0; i < scores.length; i++) {
                    assertThat(scores[i])
                            .isCloseTo(draw.get("scores").get(i).asDouble(), within(3e-6)); // six sums in float32
                }
            }
        }
    }

    private static float[][] matrix(JsonNode rows) {
        float[][] matrix = new float[rows.size()][rows.get(0).size()];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                matrix[i][j] = (float) rows.get(i).get(j).asDouble();
            }
        }
        return matrix;
    }

    /// The tokens' mean, scaled, is the text's vector: both come from the same states.
    @Test
    void miniLmKeepsThePassagesThatAnswer() {
        SentenceEmbedder miniLm = SentenceEmbedder.miniLm();
        List<Hit> candidates = List.of(new Hit("a river in Africa", 3), new Hit("a large cat with stripes", 2));
        List<Hit> reranked = new MaxSim(miniLm::tokens).rerank("tiger", candidates, id -> id);
        assertThat(Hit.ids(reranked)).containsExactly("a large cat with stripes", "a river in Africa");
        float[] vector = miniLm.embed(List.of("a river in Africa"))[0];
        float[][] tokens = miniLm.tokens(List.of("a river in Africa", "tiger"))[0];
        double dot = 0;
        double squares = 0;
        for (int c = 0; c < vector.length; c++) {
            double mean = 0;
            for (float[] token : tokens) {
                mean += token[c] / (double) tokens.length;
            }
            dot += mean * vector[c];
            squares += mean * mean;
        }
        assertThat(dot / Math.sqrt(squares)).isCloseTo(1, within(1e-5));
    }

    @Test
    void aNumberThatIsNone() {
        TokenEmbedder broken =
                texts -> texts.stream().map(text -> new float[][] {{Float.NaN}}).toArray(float[][][]::new);
        assertThatThrownBy(() -> new MaxSim(broken).scores("q", List.of("d"))).isInstanceOf(NumericException.class);
    }
}
