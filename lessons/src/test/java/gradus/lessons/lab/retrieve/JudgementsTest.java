package gradus.lessons.lab.retrieve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tensor.random.Rng;
import gradus.train.contrastive.GlossExamples;
import gradus.train.contrastive.GlossExamples.Held;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The frozen questions, held against WordNet.
class JudgementsTest {
    private static final WordNet NET = WordNet.read();
    private static final int EACH = 200;

    /// How the file was made; `-Dgradus.judgements=file` writes it. If this fails, the drawing has changed, and
    /// the file must stay.
    @Test
    void theFileIsWhatWasDrawn() throws IOException {
        DrawnQuestions drawn = new DrawnQuestions(NET, Rng.of(2026).at("judgements"));
        List<Question> questions = new ArrayList<>(drawn.of(Held.TEXTS, EACH));
        questions.addAll(drawn.of(Held.ALL, EACH));
        String file = System.getProperty("gradus.judgements");
        if (file != null) {
            Files.writeString(Path.of(file), Judgements.written(questions));
        }
        assertThat(Judgements.written(Judgements.read())).isEqualTo(Judgements.written(questions));
    }

    @Test
    void whatIsRightIsRightInWordNet() {
        Map<String, Synset> byId = new HashMap<>();
        NET.synsets().forEach(each -> byId.put(each.id(), each));
        List<Question> all = Judgements.read();
        assertThat(all).hasSize(6 * EACH);
        for (Question question : all) {
            switch (question.asking()) {
                case BLANK -> {
                    assertThat(question.relevant()).hasSize(1);
                    Synset synset = byId.get(question.relevant().getFirst());
                    assertThat(GlossExamples.held(synset)).isEqualTo(question.held());
                    assertThat(question.text()).contains("___");
                    String[] pieces = question.text().split("___");
                    assertThat(synset.examples()).anyMatch(sentence -> sentence.startsWith(pieces[0]));
                }
                case DEFINITION -> {
                    List<Synset> meant = NET.senses(question.relevant().getFirst()).stream()
                            .filter(sense -> sense.definition().contains(question.text()))
                            .toList();
                    assertThat(meant)
                            .anyMatch(sense -> sense.lemmas().equals(question.relevant())
                                    && GlossExamples.held(sense) == question.held()
                                    && (question.held() == Held.ALL
                                            || !GlossExamples.parts(sense)
                                                    .getFirst()
                                                    .equals(question.text())));
                }
                case WORD ->
                    assertThat(NET.senses(question.text()).stream()
                                    .map(Synset::id)
                                    .distinct()
                                    .toList())
                            .isEqualTo(question.relevant());
            }
        }
    }

    @Test
    void whatIsLearntFromIsNotAskedLater() {
        List<Question> all = Judgements.read();
        HashSet<String> right = new HashSet<>();
        all.forEach(question -> right.addAll(question.relevant()));
        List<Question> learnt = new DrawnQuestions(NET, Rng.of(1)).without(all).of(Held.ALL, 600);
        assertThat(learnt).hasSize(1800);
        for (Question each : learnt) {
            assertThat(each.relevant()).noneMatch(right::contains);
            assertThat(each.held()).isEqualTo(Held.ALL);
        }
    }

    @Test
    void someAreAsManyOfEachKind() {
        List<Question> some = Judgements.some(20);
        assertThat(some).hasSize(60);
        for (Asking asking : Asking.values()) {
            assertThat(some.stream().filter(each -> each.asking() == asking)).hasSize(20);
        }
        assertThat(some.stream().filter(each -> each.held() == Held.ALL)).hasSize(30);
        assertThat(new HashSet<>(some)).hasSize(60);
    }

    @Test
    void aDictionaryHasAllThatIsRight() {
        List<Question> some = Judgements.some(20);
        Dictionary dictionary = Dictionary.of(NET, some, 500, Rng.of(1));
        assertThat(dictionary.meanings()).hasSizeGreaterThanOrEqualTo(500);
        for (Question question : some) {
            assertThat(dictionary.documents(question.asking().findsWords()).stream()
                            .map(each -> each.id())
                            .toList())
                    .containsAll(question.relevant());
        }
        dictionary.meanings().forEach(each -> assertThat(dictionary.texts()).containsEntry(each.id(), each.text()));
        assertThat(Dictionary.of(NET, some, 0, Rng.of(1)).meanings()).hasSize(117_791);
    }

    @Test
    void badLines() {
        for (String line : List.of("d\tALL\tq\tx", "a\tALL\tq", "")) {
            assertThatThrownBy(() -> Judgements.read(line + "\n"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("judgements.tsv:1: is no judgement");
        }
    }
}
