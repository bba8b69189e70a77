package gradus.train.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.corpus.WordNet;
import gradus.train.instruct.WordNetQuestions.Kind;
import gradus.train.instruct.WordNetQuestions.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordNetQuestionsTest {
    private static final WordNet NET = WordNet.read();
    private static final WordNetQuestions LEARNED = new WordNetQuestions(NET, 1, false);
    private static final WordNetQuestions ASKED = new WordNetQuestions(NET, 1, true);

    @TempDir
    private Path folder;

    @Test
    void readsTheWholeNet() {
        assertThat(NET.synsets()).hasSize(117_791);
        assertThat(NET.senses("dog"))
                .extracting(WordNet.Synset::definition)
                .contains("someone who is morally reprehensible");
        assertThat(NET.kinds("whale"))
                .containsAll(NET.senses("mammal").stream()
                        .filter(WordNet.Synset::isNoun)
                        .map(WordNet.Synset::id)
                        .limit(1)
                        .toList());
        assertThat(NET.synsets().stream()
                        .filter(each -> !each.examples().isEmpty())
                        .count())
                .isBetween(32_000L, 33_100L);
        assertThat(NET.synsets().stream()
                        .mapToLong(each -> NET.hypernyms(each).size())
                        .sum())
                .isBetween(89_000L, 98_000L); // with instances
    }

    /// The answer that is given is right, one to another question mostly is not, and words are of their part.
    @Property(tries = 200)
    void answersAreRight(@ForAll @IntRange(max = 100_000) int number) {
        for (WordNetQuestions questions : new WordNetQuestions[] {LEARNED, ASKED}) {
            Question question = questions.question(number);
            assertThat(questions.accepts(question, question.answer()))
                    .as(question.toString())
                    .isTrue();
            assertThat(questions.accepts(question, " " + question.answer().toUpperCase(Locale.ROOT) + ".\n"))
                    .isTrue();
            assertThat(questions.accepts(question, "")).isFalse();
            if (question.kind() != Kind.NAME_KIND) { // a "man" is a kind of "man", in two senses
                assertThat(questions.accepts(question, question.word())).isFalse();
            }
            assertThat(WordNetQuestions.isHeldOut(question.word())).isEqualTo(questions.heldOut());
            assertThat(question.text()).contains("\"" + question.word() + "\"");
            assertThat(question.kind()).isEqualTo(Kind.values()[number % 5]);
        }
    }

    @Test
    void yesAndNoAreAboutEquallyMany() {
        int yes = 0;
        for (int i = 0; i < 400; i++) {
            Question question = LEARNED.question(5L * i + Kind.IS_KIND.ordinal());
            boolean says = question.answer().startsWith("Yes");
            yes += says ? 1 : 0;
            Question other = new Question(
                    question.kind(), question.word(), question.other(), question.text(), says ? "No" : "Yes");
            assertThat(LEARNED.accepts(other, question.answer())).isFalse();
        }
        assertThat(yes).isBetween(150, 250); // 200, five deviations of 10
    }

    @Test
    void aSeedGivesTheSameFile() throws IOException {
        Path first = folder.resolve("a/one.jsonl");
        Path second = folder.resolve("two.jsonl");
        Path third = folder.resolve("three.jsonl");
        InstructionWriter.write(first, LEARNED, 300, 1);
        InstructionWriter.write(second, new WordNetQuestions(NET, 1, false), 300, 1);
        InstructionWriter.write(third, new WordNetQuestions(NET, 2, false), 300, 2);
        assertThat(first).hasSameTextualContentAs(second);
        assertThat(Files.readString(third)).isNotEqualTo(Files.readString(first));
        Set<Integer> turns = new HashSet<>();
        InstructionFile.all(first).forEach(each -> turns.add(each.messages().size()));
        assertThat(turns).containsExactlyInAnyOrder(2, 4, 6);
        assertThat(InstructionFile.recognise(first)).isEqualTo(InstructionLayout.MESSAGES);
    }
}
