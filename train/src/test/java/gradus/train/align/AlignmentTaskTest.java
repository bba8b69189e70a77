package gradus.train.align;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.random.Rng;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import gradus.train.rl.verifiable.Question;
import gradus.train.rl.verifiable.VerifiableTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlignmentTaskTest {
    @ParameterizedTest
    @EnumSource(AlignmentTask.class)
    void everyTaskAsksAndAcceptsItsOwnAnswers(AlignmentTask each) {
        VerifiableTask task = each.of(null);
        List<Question> questions = new ArrayList<>(task.heldOut(Rng.of(1), 20));
        for (int n = 0; n < 200; n++) {
            questions.add(task.question(Rng.of(1), n));
        }
        for (Question question : questions) {
            assertThat(task.grade(question, question.answer()).right())
                    .as(question.toString())
                    .isTrue();
            assertThat(question.answer().length()).isBetween(1, task.longestAnswer());
            assertThat(task.alphabet().codePoints().boxed().toList())
                    .containsAll((question.prompt() + question.answer())
                            .codePoints()
                            .boxed()
                            .toList());
        }
        assertThat(questions.stream().map(Question::answer).distinct()).hasSizeGreaterThan(1);
    }

    /// The oracle climbs from every meaning of the word and looks at the names it passes.
    @Test
    void isAKnowsWhatWordNetKnows() {
        VerifiableTask task = AlignmentTask.IS_A.of(null);
        WordNet net = WordNet.read();
        int yes = 0;
        for (int n = 0; n < 3000; n++) {
            Question question = task.question(Rng.of(2), n);
            String[] words = question.prompt().split("[ ?]"); // is a dog a animal
            boolean kind = isKind(net, words[2], words[4]);
            assertThat(question.answer()).as(question.prompt()).isEqualTo(kind ? "yes" : "no");
            yes += kind ? 1 : 0;
        }
        assertThat(yes).isBetween(1500 - 140, 1500 + 140); // √(3000/4) = 27, five of them
        assertThat(isKind(net, "sparrow", "bird")).isTrue();
        assertThat(isKind(net, "sparrow", "machine")).isFalse();
    }

    private static boolean isKind(WordNet net, String word, String kind) {
        List<Synset> open =
                new ArrayList<>(net.senses(word).stream().filter(Synset::isNoun).toList());
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).lemmas().contains(kind)) {
                return true;
            }
            open.addAll(net.hypernyms(open.get(i)));
        }
        return false;
    }

    @Test
    void aShortWordHasFewLetters() {
        VerifiableTask task = AlignmentTask.IS_A.of(4);
        for (int n = 0; n < 200; n++) {
            assertThat(task.question(Rng.of(1), n).prompt()).matches("is a [a-z]{1,4} a [a-z]+\\?");
        }
    }
}
