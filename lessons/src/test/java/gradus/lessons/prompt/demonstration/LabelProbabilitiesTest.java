package gradus.lessons.prompt.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Scorer;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.prompt.method.LabelChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LabelProbabilitiesTest {
    private static final List<String> LABELS = List.of("good", "bad", "fair");
    private static final List<Demonstration> SHOWN = List.of(Demonstration.of("a fine film", "good"));

    private static LabelProbabilities of(Scorer scorer) {
        return new LabelProbabilities(scorer, CompletionForm.defaults(), SHOWN, LABELS);
    }

    /// Scores by the label, and others by a prompt without content.
    private static Scorer scorer(double[] scores, double[] bias) {
        return (prompt, text) -> {
            boolean contentFree = LabelProbabilities.CONTENT_FREE.stream()
                    .anyMatch(each -> prompt.endsWith("\n\nQ: " + each + "\nA:"));
            return new double[] {(contentFree ? bias : scores)[LABELS.indexOf(text.strip())]};
        };
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(x -> x).toArray();
    }

    /// Against plain loops over exponentials; and a model whose scores are its bias prefers nothing.
    @Property(tries = 200)
    void contextualCalibration(
            @ForAll @Size(value = 3) List<@DoubleRange(min = -30, max = 0) Double> scores,
            @ForAll @Size(value = 3) List<@DoubleRange(min = -30, max = 0) Double> bias) {
        LabelProbabilities labels = of(scorer(array(scores), array(bias)));
        double[] p = new double[3];
        double[] free = new double[3];
        double all = 0;
        double allFree = 0;
        for (int y = 0; y < 3; y++) {
            all += Math.exp(scores.get(y));
            allFree += Math.exp(bias.get(y));
        }
        double sum = 0;
        for (int y = 0; y < 3; y++) {
            p[y] = Math.exp(scores.get(y)) / all;
            free[y] = Math.exp(bias.get(y)) / allFree;
            sum += p[y] / free[y];
        }
        double[] calibration = labels.calibration(LabelProbabilities.CONTENT_FREE);
        double[] calibrated = labels.calibrated("dull", calibration);
        for (int y = 0; y < 3; y++) {
            assertThat(labels.of("dull")[y]).isCloseTo(p[y], within(1e-12)); // a few roundings of numbers up to 1
            assertThat(calibration[y]).isCloseTo(free[y], within(1e-12));
            assertThat(calibrated[y]).isCloseTo(p[y] / free[y] / sum, within(1e-9));
        }
        double[] nothing = of(scorer(array(bias), array(bias))).calibrated("dull", free);
        assertThat(Arrays.stream(nothing)).allMatch(each -> Math.abs(each - 1 / 3.0) < 1e-9);
    }

    /// A bias towards "good" is what decides; without it, the question does.
    @Test
    void theBiasIsDividedOut() {
        Scorer biased = scorer(
                new double[] {Math.log(0.6), Math.log(0.3), Math.log(0.1)},
                new double[] {Math.log(0.8), Math.log(0.1), Math.log(0.1)});
        CompletionForm form = CompletionForm.defaults();
        Outcome raw = new LabelChoice(biased, form, Selection.all(SHOWN), LABELS, false).ask("dull");
        Outcome calibrated = new LabelChoice(biased, form, Selection.all(SHOWN), LABELS, true).ask("dull");
        assertThat(raw.answer()).contains("good");
        assertThat(calibrated.answer()).contains("bad");
        assertThat(calibrated.thoughts().get(1).text()).isEqualTo("0.800  good\n0.100  bad\n0.100  fair\n");
        assertThat(calibrated.thoughts().getLast().text()).isEqualTo("0.158  good\n0.632  bad\n0.211  fair\n");
    }

    @Test
    void ofARealModel() {
        double[] p = of(Scorer.of(LocalModel.chat(TinyChat.model(300)))).of("it is me");
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        assertThat(p).doesNotContain(0);
    }

    @Test
    void mistakes() {
        Scorer none = (prompt, text) -> new double[] {Double.NaN};
        Scorer never = (prompt, text) -> new double[] {Double.NEGATIVE_INFINITY};
        assertThatThrownBy(() -> of(none).of("x")).isInstanceOf(NumericException.class);
        assertThatThrownBy(() -> of(never).of("x")).isInstanceOf(NumericException.class);
        for (List<String> labels : List.of(List.of("a"), List.of("a", "a"), List.of("a", " "))) {
            assertThatThrownBy(() -> new LabelProbabilities(none, CompletionForm.defaults(), SHOWN, labels))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("at least two different texts");
        }
        assertThatThrownBy(() -> of(none).calibrated("x", 1, 2)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> of(none).calibration(List.of())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Demonstration.of("q", " ")).isInstanceOf(ConfigException.class);
    }

    /// Each label is asked for once a question; in a conversation no space stands before it.
    @Test
    void labelsAreAskedOnce() {
        List<String> asked = new ArrayList<>();
        Scorer counting = (prompt, text) -> {
            asked.add(prompt + text);
            return new double[] {-1};
        };
        new LabelChoice(counting, CompletionForm.defaults(), Selection.all(SHOWN), LABELS, true).ask("dull");
        assertThat(asked).hasSize(LABELS.size() * (1 + LabelProbabilities.CONTENT_FREE.size()));
        assertThat(asked).doesNotHaveDuplicates().allMatch(each -> each.matches("(?s).*A: (good|bad|fair)"));
        Scorer chat = Scorer.of(LocalModel.chat(TinyChat.model(300)));
        double[] p = of(chat).of("it is me");
        String prompt = CompletionForm.defaults().prompt(SHOWN, "it is me");
        double ratio = chat.logProbability(prompt, "good") - chat.logProbability(prompt, "bad");
        assertThat(Math.log(p[0] / p[1])).isCloseTo(ratio, within(1e-9));
    }
}
