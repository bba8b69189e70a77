package gradus.train.rl.verifiable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.tensor.random.Rng;
import gradus.train.rl.Completion;
import gradus.train.task.Examples;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VerifiableTasksTest {
    private static final Rng RNG = Rng.of(3);

    @Provide
    Arbitrary<VerifiableTask> tasks() {
        return Arbitraries.of(
                new ReversedAddition(1),
                new ReversedAddition(3),
                new ReversedAddition(9),
                new SortingDigits(3),
                new SortingDigits(8));
    }

    @Property(tries = 200)
    void itsOwnAnswersAreRight(
            @ForAll("tasks") VerifiableTask task, @ForAll long seed, @ForAll @IntRange(max = 1000) int number) {
        Question question = task.question(Rng.of(seed), number);
        assertThat(task.grade(question, question.answer())).isEqualTo(new Grade(true, true));
        assertThat(question.answer().length()).isLessThanOrEqualTo(task.longestAnswer());
        assertThat((question.prompt() + question.answer())
                        .chars()
                        .allMatch(c -> task.alphabet().indexOf(c) >= 0))
                .isTrue();
        assertThat(task.question(Rng.of(seed), number)).isEqualTo(question);
    }

    /// Whatever the seeds are.
    @Property(tries = 100)
    void whatIsHeldOutIsNeverTrainedOn(@ForAll("tasks") VerifiableTask task, @ForAll long seed, @ForAll long other) {
        Set<String> trained = new HashSet<>();
        for (int number = 0; number < 500; number++) {
            trained.add(task.question(Rng.of(seed), number).prompt());
        }
        List<Question> heldOut = task.heldOut(Rng.of(other), 5);
        assertThat(heldOut).extracting(Question::prompt).doesNotHaveDuplicates().doesNotContainAnyElementsOf(trained);
    }

    @Property(tries = 200)
    void sumsAreReversed(@ForAll long seed) {
        Question question = new ReversedAddition(3).question(Rng.of(seed), 0);
        String[] parts = question.prompt().replace("=", "").split("\\+");
        int sum = Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]);
        int read = 0;
        for (int i = question.answer().length() - 1; i >= 0; i--) {
            read = 10 * read + question.answer().charAt(i) - '0';
        }
        assertThat(read).isEqualTo(sum);
        assertThat(parts).allMatch(part -> part.length() == 3 && part.charAt(0) != '0');
    }

    @Property(tries = 200)
    void digitsAreSortedAndNoneIsLost(@ForAll long seed) {
        Question question = new SortingDigits(8).question(Rng.of(seed), 0);
        int[] counts = new int[128];
        question.prompt().replace(">", "").chars().forEach(c -> counts[c]++);
        question.answer().chars().forEach(c -> counts[c]--);
        assertThat(counts).containsOnly(0);
        for (int i = 1; i < 8; i++) {
            assertThat(question.answer().charAt(i))
                    .isGreaterThanOrEqualTo(question.answer().charAt(i - 1));
        }
    }

    @Test
    void grades() {
        ReversedAddition addition = new ReversedAddition(3);
        Question sum = new Question("457+268=", "527");
        assertThat(addition.grade(sum, "527")).isEqualTo(new Grade(true, true));
        assertThat(addition.grade(sum, "725")).isEqualTo(new Grade(true, false));
        assertThat(addition.grade(sum, "5270")).isEqualTo(new Grade(true, false));
        for (String bad : List.of("", "52", "52700", "5=7", "٥٢٧")) {
            assertThat(addition.grade(sum, bad)).isEqualTo(Grade.NOTHING);
        }
        SortingDigits sorting = new SortingDigits(3);
        Question digits = new Question("310>", "013");
        assertThat(sorting.grade(digits, "013")).isEqualTo(new Grade(true, true));
        assertThat(sorting.grade(digits, "031")).isEqualTo(new Grade(true, false));
        assertThat(sorting.grade(digits, "13")).isEqualTo(Grade.NOTHING);
    }

    @Test
    void rewardsHaveAPartForTheFormAndOneForTheTruth() {
        Reward reward = Reward.of(0.1, 1);
        Question any = new Question("", "");
        assertThat(reward.of(any, "", new Grade(true, true), true)).isEqualTo(1.1);
        assertThat(reward.of(any, "", new Grade(true, false), true)).isEqualTo(0.1);
        assertThat(reward.of(any, "", Grade.NOTHING, true)).isZero();
        assertThat(reward.of(any, "", new Grade(true, true), false)).isZero();
        assertThat(Reward.exactMatch().of(any, "", new Grade(true, false), true))
                .isZero();
        assertThatThrownBy(() -> Reward.of(-1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("-1.0");
    }

    private static Completion completion(Answers answers, String text, boolean ended) {
        int[] ids = answers.tokenizer().encode(text + (ended ? Answers.END : ""));
        return new Completion(ids, new double[ids.length], ended);
    }

    @Test
    void answersArePaidInTokens() {
        Answers answers = Answers.ofCharacters(new ReversedAddition(3), Reward.exactMatch(), 20, RNG);
        Answers.Asked asked = answers.problem(4);
        String right = asked.question().answer();
        assertThat(answers.tokenizer().decode(asked.prompt()))
                .isEqualTo(asked.question().prompt());
        assertThat(asked.reward(completion(answers, right, true))).isEqualTo(1);
        assertThat(asked.reward(completion(answers, right, false))).isZero();
        assertThat(asked.reward(completion(answers, "", true))).isZero();
        assertThat(answers.problem(4).question()).isEqualTo(asked.question());
        assertThat(answers.heldOut()).hasSize(20);
        assertThat(answers.fingerprint()).contains("reversed-addition-3");
        assertThat(Answers.ofCharacters(new ReversedAddition(3), Reward.of(0.5, 1), 20, RNG)
                        .fingerprint())
                .isNotEqualTo(answers.fingerprint()); // what is paid belongs to the problem
        assertThat(Answers.ofCharacters(new ReversedAddition(3), Reward.of(0, 1), 20, RNG)
                        .fingerprint())
                .isEqualTo(answers.fingerprint());
    }

    /// Only the answers and their ends are learned.
    @Test
    void examplesTeachTheAnswers() {
        Answers answers = Answers.ofCharacters(new SortingDigits(3), Reward.exactMatch(), 0, RNG);
        Examples examples = answers.examples(10, 5);
        assertThat(examples.count()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            Question question = answers.problem(10 + i).question();
            assertThat(answers.tokenizer().decode(examples.ids(i)))
                    .isEqualTo(question.prompt() + question.answer() + Answers.END);
            for (int place = 0; place < examples.length(i); place++) {
                assertThat(examples.learned(i, place)).isEqualTo(place >= 4);
            }
        }
    }

    @Test
    void aRewardThatIsNoNumberNamesThePrompt() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Answers answers = Answers.ofCharacters(new SortingDigits(3), (question, text, grade, ended) -> bad, 0, RNG);
            Answers.Asked asked = answers.problem(0);
            assertThatThrownBy(() -> asked.reward(completion(answers, "012", true)))
                    .isInstanceOf(NumericException.class)
                    .hasMessageContaining(asked.question().prompt())
                    .hasMessageContaining("\"012\"")
                    .hasMessageContaining(String.valueOf(bad));
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new ReversedAddition(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ReversedAddition(10)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SortingDigits(0)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SortingDigits(1).heldOut(RNG, 11))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("11 different questions");
        assertThatThrownBy(() -> Answers.ofCharacters(new SortingDigits(1), Reward.exactMatch(), -1, RNG))
                .isInstanceOf(ConfigException.class);
    }
}
