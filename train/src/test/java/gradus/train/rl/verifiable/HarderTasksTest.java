package gradus.train.rl.verifiable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class HarderTasksTest {
    private final Countdown countdown = new Countdown(3, 9);
    private final Question question = new Question("3,7,2=20:", "2*(3+7)");

    @Property(tries = 200)
    void itsOwnAnswersAreRight(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int count,
            @ForAll @IntRange(min = 2, max = 99) int n) {
        Countdown task = new Countdown(count, n);
        Question drawn = task.question(Rng.of(seed), 0);
        assertThat(task.grade(drawn, drawn.answer())).isEqualTo(new Grade(true, true));
        assertThat(drawn.answer().length()).isLessThanOrEqualTo(task.longestAnswer());
        assertThat((drawn.prompt() + drawn.answer()).chars())
                .allMatch(c -> task.alphabet().indexOf(c) >= 0);
    }

    @Test
    void otherWaysAreRightToo() {
        for (String right : List.of("2*(3+7)", "(7+3)*2", "((3+7))*2", "(2*(7+3))")) {
            assertThat(countdown.grade(question, right)).isEqualTo(new Grade(true, true));
        }
        assertThat(countdown.grade(new Question("8,3,4=6:", ""), "8*3/4").right())
                .isTrue();
        assertThat(countdown.grade(new Question("1,3,8=24:", ""), "8/(1/3)").right())
                .isTrue(); // exact fractions
    }

    @Test
    void wrongOnes() {
        for (String wrong : List.of("2*3+7", "20", "2*(3+7)*1", "2*(3+7)+0", "7/(3-3)", "7/0", "2/(7/0)", "1/(1/0)")) {
            assertThat(countdown.grade(question, wrong)).as(wrong).isEqualTo(new Grade(true, false));
        }
        for (String bad :
                List.of("", "2*(3+7", "2**3", "-3", "2*(3+7))", "a", "2 * 3", "1234", "()", "+", "(".repeat(99))) {
            assertThat(countdown.grade(question, bad)).as(bad).isEqualTo(Grade.NOTHING);
        }
    }

    /// Whatever is written, it is graded and nothing is thrown.
    @Property(tries = 1000)
    void anyTextIsGraded(@ForAll @StringLength(max = 30) @CharRange(from = '(', to = '9') String text) {
        assertThat(countdown.grade(question, text)).isNotNull();
    }

    @Property(tries = 200)
    void parityCountsOnes(@ForAll long seed) {
        Parity parity = new Parity(9);
        Question drawn = parity.question(Rng.of(seed), 1);
        long ones = drawn.prompt().chars().filter(c -> c == '1').count();
        assertThat(drawn.answer()).isEqualTo(String.valueOf(ones % 2));
        assertThat(parity.grade(drawn, drawn.answer())).isEqualTo(new Grade(true, true));
        assertThat(parity.grade(drawn, ones % 2 == 0 ? "1" : "0")).isEqualTo(new Grade(true, false));
        assertThat(parity.grade(drawn, "01")).isEqualTo(Grade.NOTHING);
        assertThat(parity.grade(drawn, "")).isEqualTo(Grade.NOTHING);
    }

    /// Taking away neighbours that match leaves nothing of question and answer together, and the answer closes
    /// only.
    @Property(tries = 200)
    void bracketsMatch(@ForAll long seed, @ForAll @IntRange(min = 4, max = 30) int length) {
        BracketMatching brackets = new BracketMatching(length);
        Question drawn = brackets.question(Rng.of(seed), 1);
        String whole = drawn.prompt().replace(">", "") + drawn.answer();
        for (int before = -1; before != whole.length(); ) {
            before = whole.length();
            whole = whole.replace("()", "").replace("[]", "").replace("{}", "");
        }
        assertThat(whole).isEmpty();
        assertThat(drawn.prompt()).hasSize(length + 1);
        assertThat(drawn.answer()).isNotEmpty().hasSizeLessThanOrEqualTo(brackets.longestAnswer());
        assertThat(brackets.grade(drawn, drawn.answer())).isEqualTo(new Grade(true, true));
        assertThat(brackets.grade(drawn, drawn.answer() + ")").right()).isFalse();
        assertThat(brackets.grade(drawn, "(")).isEqualTo(Grade.NOTHING);
    }

    @Test
    void kinds() {
        IsA isA = new IsA(
                "toy",
                Map.of(
                        "spaniel", Set.of("dog", "animal"),
                        "cat", Set.of("animal"),
                        "hammer", Set.of("tool"),
                        "saw", Set.of("tool"),
                        "oak", Set.of("tree", "plant"),
                        "rose", Set.of("plant")));
        int yes = 0;
        for (int i = 0; i < 400; i++) {
            Question drawn = isA.question(Rng.of(1), i);
            yes += drawn.answer().equals("yes") ? 1 : 0;
            assertThat(isA.grade(drawn, drawn.answer())).isEqualTo(new Grade(true, true));
            assertThat(isA.grade(drawn, "maybe")).isEqualTo(Grade.NOTHING);
            if (drawn.prompt().startsWith("is a spaniel")) {
                boolean truth =
                        drawn.prompt().endsWith(" dog?") || drawn.prompt().endsWith(" animal?");
                assertThat(drawn.answer()).isEqualTo(truth ? "yes" : "no");
            }
            assertThat((drawn.prompt() + drawn.answer()).chars())
                    .allMatch(c -> isA.alphabet().indexOf(c) >= 0);
        }
        assertThat(yes).isBetween(100, 300);
        assertThatThrownBy(() -> new IsA("empty", Map.of())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new IsA("same", Map.of("a", Set.of("x")))).isInstanceOf(ConfigException.class);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Countdown(1, 9))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("count");
        assertThatThrownBy(() -> new Countdown(3, 100)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Parity(3)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BracketMatching(3)).isInstanceOf(ConfigException.class);
    }
}
