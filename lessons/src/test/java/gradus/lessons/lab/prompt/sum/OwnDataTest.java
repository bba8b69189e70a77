package gradus.lessons.lab.prompt.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.prompt.sum.OwnData.Filter;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.data.InstructionTask;
import gradus.train.rl.verifiable.Question;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OwnDataTest {
    /// The rationales that a model draws for each question, one after the other; its answer is the last digit.
    private static TextModel drawing(Map<String, List<String>> rationales) {
        Map<String, AtomicInteger> asked = new HashMap<>();
        return (prompt, options) -> {
            if (prompt.endsWith("So")) {
                String steps = prompt.strip().split("\n")[1];
                return " " + steps.charAt(steps.length() - 1);
            }
            String question = prompt.substring(3, 6);
            int next =
                    asked.computeIfAbsent(question, key -> new AtomicInteger()).getAndIncrement();
            return " " + rationales.get(question).get(next);
        };
    }

    private static OwnData data() {
        TextModel model = drawing(Map.of(
                "111", List.of("124", "123", "133", "123"), // 4, 3, 3, 3: the answer is 3
                "222", List.of("240", "241", "242", "243"), // all different: the answer is 1
                "333", List.of("300", "300", "314", "314"), // a tie: the answer is 4, 0 came first
                "444", List.of("444", "444", "444", "xxx"))); // never right
        return OwnData.of(
                model,
                List.of("111", "222", "333", "444").stream().map(DigitSum::of).toList(),
                4,
                1,
                5);
    }

    private static List<String> outputs(Filter filter) {
        return data().kept(filter).stream()
                .map(each -> each.input() + " " + each.output())
                .toList();
    }

    @Test
    void withoutAFilterTheFirstIsKept() {
        assertThat(outputs(Filter.NONE)).containsExactly("111 124\n4", "222 240\n0", "333 300\n0", "444 444\n4");
    }

    @Test
    void votesKeepWhatHalfComesTo() {
        assertThat(outputs(Filter.VOTES)).containsExactly("111 123\n3", "333 300\n0", "444 444\n4");
    }

    @Test
    void theVerifierKeepsWhatIsRight() {
        assertThat(outputs(Filter.VERIFIER)).containsExactly("111 123\n3", "222 241\n1", "333 314\n4");
        assertThat(OwnData.right(data().kept(Filter.VERIFIER))).isEqualTo(1);
        assertThat(OwnData.right(data().kept(Filter.VOTES))).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(OwnData.right(data().kept(Filter.NONE))).isZero();
    }

    @Test
    void aTaskIsALesson() {
        InstructionTask task = new InstructionTask("Add.", "111", "123\n3", true);
        assertThat(OwnData.lesson(task)).isEqualTo(new Lesson("Q: 111\nA: Steps", " 123\nSo 3\n"));
        assertThatThrownBy(() -> OwnData.lesson(new InstructionTask("Add.", "111", "3", true)))
                .isInstanceOf(ConfigException.class);
        assertThat(new Question("111", "3")).isEqualTo(DigitSum.of("111"));
    }
}
