package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.error.NumericException;
import gradus.error.ShapeException;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import gradus.train.cloze.Example;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundaryChunkerTest {
    private static final String TEXT = "One. Two. Three. Four.";

    private static List<String> texts(BoundaryScorer scorer, double threshold, int size) {
        return new BoundaryChunker(scorer, threshold, ChunkSize.of(size))
                .chunk(TEXT).stream().map(Chunk::text).toList();
    }

    @Test
    void cutsAboveTheThreshold() {
        BoundaryScorer scorer = sentences -> new double[] {0.2, 0.7, 0.5};
        assertThat(texts(scorer, 0.5, 99)).containsExactly("One. Two.", "Three. Four.");
        assertThat(texts(scorer, 0.4, 99)).containsExactly("One. Two.", "Three.", "Four.");
        assertThat(texts(scorer, 1, 99)).containsExactly(TEXT);
        assertThat(texts(scorer, 0.5, 9)).containsExactly("One. Two.", "Three.", "Four.");
    }

    @Test
    void badScores() {
        assertThatThrownBy(() -> texts(sentences -> new double[2], 0.5, 9))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("2 probabilities for the places between 4 sentences");
        assertThatThrownBy(() -> texts(sentences -> new double[] {0, Double.NaN, 0}, 0.5, 9))
                .isInstanceOf(NumericException.class);
        assertThatThrownBy(() -> texts(sentences -> new double[] {0, 0, 1.5}, 0.5, 9))
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> texts(sentences -> new double[3], Double.NaN, 9))
                .isInstanceOf(ConfigException.class);
    }

    /// Passages of three subjects, told apart by their words.
    private static String paragraphs(int count) {
        List<List<String>> words = List.of(
                List.of("cat", "kitten", "paw", "fur"),
                List.of("ship", "sail", "harbour", "captain"),
                List.of("bread", "oven", "flour", "yeast"));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            Rng rng = Rng.of(3).at(i);
            List<String> subject = words.get(i % 3);
            for (int s = 0; s < 4; s++) {
                text.append("The ").append(subject.get(rng.at(s).index(0, 4))).append(" and the ");
                text.append(subject.get(rng.at(s).index(1, 4)))
                        .append(" of number ")
                        .append(i)
                        .append(". ");
            }
            text.append("\n\n");
        }
        return text.toString();
    }

    @Test
    void pairsAreBalancedAndHeldOutByPassages() {
        BoundaryPairs pairs = BoundaryPairs.ofParagraphs(paragraphs(60), Rng.of(1));
        assertThat(pairs.training()).hasSize(54 * 3 * 2);
        assertThat(pairs.held()).hasSize(6 * 3 * 2);
        for (List<Example> some : List.of(pairs.training(), pairs.held())) {
            assertThat(some.stream().filter(each -> each.label() == BoundaryPairs.NEW))
                    .hasSize(some.size() / 2);
            for (Example each : some) {
                boolean same =
                        number(each.texts().get(0)).equals(number(each.texts().get(1)));
                assertThat(same).as(each.toString()).isEqualTo(each.label() == BoundaryPairs.SAME);
            }
        }
        assertThat(numbers(pairs.training())).doesNotContainAnyElementsOf(numbers(pairs.held()));
        assertThat(BoundaryPairs.ofParagraphs(paragraphs(60), Rng.of(1))).isEqualTo(pairs);
    }

    private static String number(String sentence) {
        return sentence.replaceAll("\\D", "");
    }

    private static Set<String> numbers(List<Example> pairs) {
        Set<String> numbers = new HashSet<>();
        pairs.forEach(each -> each.texts().forEach(text -> numbers.add(number(text))));
        return numbers;
    }

    @Test
    void tooFewPassages() {
        List<List<String>> single = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            single.add(List.of("one"));
        }
        assertThatThrownBy(() -> BoundaryPairs.of(single, Rng.of(1)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("at least 20 passages of two or more sentences; got 0");
    }

    /// Of two subjects drawn by lot a third are the same, and cannot be told apart: 5/6 is the most there is.
    @Test
    void aModelLearnsWhichWordsGoTogether(@TempDir Path folder) throws Exception {
        BoundaryPairs pairs = BoundaryPairs.ofParagraphs(paragraphs(300).replaceAll(" of number \\d+", ""), Rng.of(1));
        BoundaryModel model = BoundaryModel.train(pairs, 150, 1, new TrainingListener() {});
        assertThat(model.accuracy(pairs.held())).isGreaterThan(0.75);
        List<String> sentences = List.of("The cat and the paw.", "The kitten and the fur.", "The oven and the flour.");
        double[] found = model.boundaries(sentences);
        assertThat(found[0]).isLessThan(0.5);
        assertThat(found[1]).isGreaterThan(0.5);
        assertThat(new BoundaryChunker(model, 0.5, ChunkSize.unlimited()).chunk(String.join(" ", sentences)))
                .hasSize(2);
        model.save(folder);
        assertThat(BoundaryModel.load(folder).boundaries(sentences)).isEqualTo(found);
        Files.delete(folder.resolve(BoundaryModel.WEIGHTS));
        assertThatThrownBy(() -> BoundaryModel.load(folder)).isInstanceOf(GradusException.class);
        assertThatThrownBy(() -> BoundaryModel.load(folder.resolve("none"))).isInstanceOf(DataException.class);
    }
}
