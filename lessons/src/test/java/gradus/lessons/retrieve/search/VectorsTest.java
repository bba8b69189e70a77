package gradus.lessons.retrieve.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.GradusException;
import gradus.error.NumericException;
import gradus.lessons.retrieve.embed.NamedEmbedder;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VectorsTest {
    private record Fixed(int dim, float[]... vectors) implements NamedEmbedder {
        @Override
        public String name() {
            return "fixed";
        }

        @Override
        public float[][] embed(List<String> texts) {
            return vectors;
        }
    }

    @Property(tries = 200)
    void scoresAreCosines(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int count) {
        List<Document> documents = Corpora.drawn(seed, count, 8, 6);
        WordVectors vectors = new WordVectors(12);
        String query = Corpora.query(seed, 0, 8);
        float[] wanted = vectors.embed(List.of(query))[0];
        List<Hit> hits = new ExactVectors(documents, vectors).search(query, count);
        assertThat(hits).hasSize(count).isSortedAccordingTo(Hit.BEST_FIRST);
        for (Hit hit : hits) {
            String text = documents.stream()
                    .filter(document -> document.id().equals(hit.id()))
                    .findFirst()
                    .orElseThrow()
                    .text();
            float[] vector = vectors.embed(List.of(text))[0];
            double product = 0;
            double squares = 0;
            double squaresOfWanted = 0;
            for (int i = 0; i < 12; i++) {
                product += wanted[i] * (double) vector[i];
                squares += vector[i] * (double) vector[i];
                squaresOfWanted += wanted[i] * (double) wanted[i];
            }
            double cosine = squares == 0 ? 0 : product / Math.sqrt(squares * squaresOfWanted);
            assertThat(hit.score()).isCloseTo(cosine, within(1e-6)); // floats of length 1, twice scaled
        }
    }

    @Property(tries = 200)
    void lengthOneWhateverTheLength(@ForAll long seed, @ForAll @IntRange(min = -30, max = 18) int power) {
        float[] vector = new float[9];
        float[] scaled = new float[9];
        for (int i = 0; i < 9; i++) {
            vector[i] = (float) Rng.of(seed).gaussian(i);
            scaled[i] = (float) (vector[i] * Math.pow(10, power));
        }
        float[] unit = UnitVectors.unit(scaled);
        assertThat(UnitVectors.cosine(unit, unit)).isCloseTo(1, within(1e-6));
        for (int i = 0; i < 9; i++) {
            assertThat(unit[i]).isCloseTo(UnitVectors.unit(vector)[i], within(1e-6f));
        }
    }

    @Test
    void zerosStayZerosAndAreLikeNothing() {
        float[] zeros = UnitVectors.unit(new float[3]);
        assertThat(zeros).containsOnly(0);
        assertThat(UnitVectors.cosine(zeros, new float[] {0, 1, 0})).isZero();
        List<Document> documents = List.of(Document.of("none", ""), Document.of("some", "cat"));
        List<Hit> hits = new ExactVectors(documents, new WordVectors(8)).search("cat", 2);
        assertThat(hits.get(1)).isEqualTo(new Hit("none", 0));
        assertThat(new ExactVectors(documents, new WordVectors(8)).search("", 2))
                .containsExactly(new Hit("none", 0), new Hit("some", 0));
    }

    @Test
    void aPrefixIsScaledAgain() {
        WordVectors whole = new WordVectors(16);
        NamedEmbedder prefix = new PrefixEmbedder(whole, 5);
        List<String> texts = List.of("a cat", "", "dogs");
        float[][] vectors = prefix.embed(texts);
        for (int t = 0; t < 3; t++) {
            assertThat(vectors[t]).containsExactly(UnitVectors.unit(Arrays.copyOf(whole.embed(texts)[t], 5)));
        }
        assertThat(prefix.dim()).isEqualTo(5);
        assertThat(prefix.name()).isEqualTo("words[:5]");
        assertThat(new PrefixEmbedder(whole, 16).name()).isEqualTo("words");
        assertThatThrownBy(() -> new PrefixEmbedder(whole, 17))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a prefix of the vectors of words must have 1 to 16 numbers; got 17");
        assertThatThrownBy(() -> new PrefixEmbedder(whole, 0)).isInstanceOf(ConfigException.class);
    }

    @Test
    void anEmbedderThatFails() {
        List<Document> one = List.of(Document.of("a", "x"));
        assertThatThrownBy(() -> new ExactVectors(one, new Fixed(2))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ExactVectors(one, new Fixed(2, new float[3])))
                .isInstanceOf(ConfigException.class)
                .hasMessage("fixed gave a vector of 3 numbers and says that it has 2");
        assertThatThrownBy(() -> new ExactVectors(one, new Fixed(1, new float[] {Float.NaN})))
                .isInstanceOf(NumericException.class);
    }

    /// MiniLM knows that a feline is a cat, which no word tells.
    @Test
    void miniLm() {
        SentenceEmbedder miniLm = SentenceEmbedder.miniLm();
        assertThat(miniLm.name()).isEqualTo("minilm");
        List<Document> documents = List.of(
                Document.of("cat", "a large feline with stripes"),
                Document.of("car", "a vehicle with four wheels"),
                Document.of("tea", "a hot drink made of leaves"));
        for (NamedEmbedder embedder : List.of(miniLm, new PrefixEmbedder(miniLm, 64))) {
            ExactVectors exact = new ExactVectors(documents, embedder);
            assertThat(exact.search("tiger", 1).getFirst().id()).isEqualTo("cat");
            assertThat(exact.search("automobile", 1).getFirst().id()).isEqualTo("car");
        }
        assertThatThrownBy(() -> SentenceEmbedder.named("no-such-folder"))
                .isInstanceOf(GradusException.class)
                .hasMessageContaining("no-such-folder");
    }
}
