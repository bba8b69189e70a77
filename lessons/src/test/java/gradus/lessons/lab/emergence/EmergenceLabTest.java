package gradus.lessons.lab.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.lab.material.ModelPlan;
import gradus.lessons.lab.prompt.addition.AdditionFormat;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.CompletionRequest;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmergenceLabTest {
    private static final Tokenizer TOKENIZER = CharTokenizer.of(AdditionFormat.ALPHABET);

    @TempDir
    private Path folder;

    private static AdditionLearner learner(boolean carry) {
        return new AdditionLearner(carry, new ModelPlan(1, 1, 8, 100, 4, 1e-2), carry ? 3 : 4, 10, 20);
    }

    @Property(tries = 200)
    void sumsAreRightAndWhatIsMeasuredIsNeverLearned(@ForAll long seed) {
        for (boolean carry : new boolean[] {false, true}) {
            for (boolean heldOut : new boolean[] {false, true}) {
                Lesson lesson = learner(carry).lesson(Rng.of(seed), heldOut);
                String[] parts = lesson.prompt().split("[+=]");
                int a = Integer.parseInt(parts[0]);
                int b = Integer.parseInt(parts[1]);
                String written = lesson.answer().strip();
                String sum = carry ? new StringBuilder(written).reverse().toString() : written;
                assertThat(Integer.parseInt(sum)).isEqualTo(a + b);
                assertThat(written).hasSize(4);
                assertThat((a + 3 * b) % 8 == 0).isEqualTo(heldOut);
                if (!carry) {
                    assertThat(parts[0] + parts[1]).matches("[0-4]{8}");
                }
            }
        }
    }

    /// What one pass tells is what the model writes digit by digit.
    @Test
    void theFirstDigitsAreRightAsOftenAsTheModelWritesThem() {
        Gpt gpt = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), 16, 1, 2, 8, 0), Rng.of(3));
        var text = ModelPlan.text(gpt, TOKENIZER);
        List<Lesson> lessons = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String prompt = 10 + Rng.of(4).index(i, 90) + "+" + (10 + Rng.of(5).index(i, 90)) + "=";
            String written = text.complete(List.of(new CompletionRequest(
                            prompt, CompletionOptions.defaults().withMaxTokens(3))))
                    .getFirst();
            char[] answer = written.toCharArray();
            int wrong = Rng.of(6).index(i, 4); // at one of three places, or nowhere
            if (wrong < 3) {
                answer[wrong] = answer[wrong] == '1' ? '2' : '1';
            }
            lessons.add(new Lesson(prompt, new String(answer) + "\n"));
        }
        int[] upTo = new int[3];
        for (int i = 0; i < 300; i++) {
            int wrong = Rng.of(6).index(i, 4);
            for (int k = 0; k < 3; k++) {
                upTo[k] += wrong > k ? 1 : 0;
            }
        }
        DigitScores.Score score = DigitScores.of(lessons, TOKENIZER, 3).of(gpt);
        assertThat(score.match()).containsExactly(upTo[0] / 300.0, upTo[1] / 300.0, upTo[2] / 300.0);
        assertThat(score.logProbability()).isCloseTo(-Math.log(TOKENIZER.vocabularySize()), within(0.5));
        assertThat(score.accuracy()).isBetween(score.match().getLast(), 1.0);
    }

    private static Course course(int digits, IntToDoubleFunction p) {
        double[] accuracy = IntStream.range(0, 30).mapToDouble(p).toArray();
        return new Course(
                IntStream.range(0, 30).mapToDouble(i -> Math.pow(1.3, i)).toArray(),
                Arrays.stream(accuracy).map(Math::log).toArray(),
                accuracy,
                Arrays.stream(accuracy)
                        .mapToObj(each -> IntStream.rangeClosed(1, digits)
                                .mapToDouble(k -> Math.pow(each, k))
                                .toArray())
                        .toArray(double[][]::new));
    }

    @Test
    void ofDigitsThatAreAlikeTheLineIsStraightAndThePowerRight() {
        Course alike = course(8, i -> 0.1 + 0.9 * i / 29);
        assertThat(alike.straightness()).isCloseTo(1, within(1e-9));
        assertThat(alike.missOfPower()).isCloseTo(0, within(1e-12));
        assertThat(alike.order(alike.logProbability())).isCloseTo(1, within(1e-12));
        assertThat(Course.jump(alike.accuracy())).isCloseTo(1 / 29.0, within(1e-9));
        assertThat(Course.jump(alike.exact())).isGreaterThan(4 * Course.jump(alike.accuracy()));
        for (int i : alike.middle()) {
            assertThat(alike.exact()[i]).isBetween(0.01, 0.9);
        }
        assertThat(alike.middle()).isNotEmpty();
    }

    /// The last of four digits alone is hard: R² of 0, 0, 0, ln(1/10) over k = 1 to 4 is 0.6.
    @Test
    void ofDigitsThatAreNotAlikeTheLineBends() {
        double[][] match = {{1, 1, 1, 0.1}, {1, 1, 1, 1}};
        Course bent = new Course(new double[] {1, 2}, new double[] {-1, 0}, new double[] {0.775, 1}, match);
        assertThat(bent.straightness()).isCloseTo(0.6, within(1e-9));
        assertThat(bent.missOfPower()).isCloseTo(Math.abs(0.1 - Math.pow(0.775, 4)), within(1e-12));
        Course never = new Course(new double[] {1, 2}, new double[] {-1, 0}, new double[] {0, 0}, new double[2][4]);
        assertThat(never.straightness()).isNaN();
        assertThat(Course.jump(never.exact())).isNaN();
    }

    @Test
    void verdictsFollowFromTheCourses() {
        SequencedMap<String, List<Course>> courses = new LinkedHashMap<>();
        courses.put("8", List.of(course(8, i -> 0.1 + 0.9 * i / 29), course(8, i -> 0.2 + 0.8 * i / 29)));
        String text = new EmergencePart(false, courses, 8).section(folder).toString();
        assertThat(text)
                .contains("**Holds.** With 8 channels, ln(exact match of k digits) is a straight line")
                .contains("**Holds.** The log-probability of a digit rises with compute")
                .contains("**Holds.** Exact match rises in larger jumps than the share of right digits");
        courses.put("8", List.of(course(8, i -> i < 15 ? 0.1 : 1), course(8, i -> i < 9 ? 0.1 : 1)));
        assertThat(new EmergencePart(true, courses, 8).section(folder).toString())
                .contains("**Does not hold here.** Exact match rises in larger jumps than the share of right digits");
        courses.put("8", List.of(course(8, i -> 0.1), course(8, i -> 0.1)));
        assertThat(new EmergencePart(true, courses, 8).section(folder).toString())
                .contains("**Nothing is decided** of the straight line: no model of 8 channels")
                .contains("**Nothing is decided** of the jumps")
                .doesNotContain("**Holds");
        assertThat(folder.resolve("exact-carries.png")).isNotEmptyFile();
        assertThat(folder.resolve("digit-places.png")).isNotEmptyFile();
    }

    @Test
    void itIsMeasuredAtStepsOfEqualRatios() {
        // 100·16^(i/9 − 1) for i = 0 to 9
        assertThat(learner(true).measured()).containsExactly(6, 9, 12, 16, 21, 29, 40, 54, 73, 100);
        assertThat(learner(true).operations(2)).isEqualTo(6.0 * 12 * 64 * 2 * 4 * 12); // 457+268=5270
        assertThat(learner(false).operations(1)).isEqualTo(6.0 * 13 * 64 * 4 * 14); // 4130+2040=6170
        assertThatThrownBy(() -> new AdditionLearner(true, new ModelPlan(1, 1, 8, 9, 4, 1), 9, 9, 9))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void theCommandPrintsBothTasksAndKeepsItsModels() throws Exception {
        String[] arguments = {"emergence", "--out=" + folder, "--digits=3", "--steps=4", "--sums=20", "--seeds=2"};
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed())
                .contains("## Sums without carries")
                .contains("## Sums with carries")
                .contains("| 64 |");
        assertThat(Files.readString(folder.resolve("table.md"))).isEqualTo(run.printed());
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
        arguments[3] = "--steps=5";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("other settings (steps: 4, now 5)");
        arguments[2] = "--digits=9";
        assertThat(LabRun.of(arguments).failure()).hasMessage("--digits must be 3 to 8; got 9");
        arguments[2] = "--digits=3";
        arguments[3] = "--steps=1";
        assertThat(LabRun.of(arguments).failure()).hasMessageContaining("--steps must be at least 2");
    }
}
