package gradus.lessons.lab.prompt.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.lab.material.Lesson;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.tensor.random.Rng;
import gradus.train.rl.verifiable.Question;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RationaleTest {
    private static final Rng RNG = Rng.of(1);

    @Test
    void byHand() {
        assertThat(DigitSum.steps("31422")).isEqualTo("34302");
        assertThat(DigitSum.of("31422")).isEqualTo(new Question("31422", "2"));
        assertThat(Rationale.plain("31422")).isEqualTo(new Lesson("Q: 31422\nA:", " 2\n"));
        assertThat(Rationale.NONE.lesson("31422", RNG)).isEqualTo(Rationale.plain("31422"));
        assertThat(Rationale.STEPS.lesson("31422", RNG)).isEqualTo(new Lesson("Q: 31422\nA: Steps", " 34302\nSo 2\n"));
        assertThat(Rationale.DOTS.lesson("31422", RNG)).isEqualTo(new Lesson("Q: 31422\nA: Steps", " .....\nSo 2\n"));
        assertThat(Rationale.OTHERS.lesson("31422", RNG).answer()).matches(" [0-4]{5}\nSo 2\n");
        assertThat(Rationale.OTHERS.lesson("31422", RNG)).isNotEqualTo(Rationale.OTHERS.lesson("31422", RNG.at("x")));
        assertThatThrownBy(() -> new DigitSum(1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new DigitSum(31)).isInstanceOf(ConfigException.class);
    }

    @Property(tries = 200)
    void theLastStepIsTheRemainderOfTheSum(
            @ForAll @CharRange(from = '0', to = '4') @StringLength(min = 2, max = 30) String digits) {
        int sum = digits.chars().map(each -> each - '0').sum();
        assertThat(DigitSum.of(digits).answer()).isEqualTo(String.valueOf(sum % 5));
        assertThat(DigitSum.steps(digits)).hasSameSizeAs(digits).startsWith(digits.substring(0, 1));
    }

    /// What the ways of prompting ask is, character by character, what was read in training; and so is what
    /// they expect to be written.
    @Test
    void whatIsAskedIsWhatWasLearned() {
        Lesson lesson = Rationale.STEPS.lesson("31422", RNG);
        String[] lines = lesson.answer().split("(?<=So)|\n");
        ScriptedModel model = ScriptedModel.inOrder(lines[0], lines[2]);
        Outcome outcome = Rationale.chain(model).ask("31422");
        assertThat(outcome.answer()).contains("2");
        Exchange second = model.transcript().get(1);
        assertThat(model.prompts().getFirst()).isEqualTo(lesson.prompt());
        assertThat(second.prompt() + second.answer() + "\n").isEqualTo(lesson.prompt() + lesson.answer());
        assertThat(second.options().temperature()).isZero();

        ScriptedModel plain = ScriptedModel.inOrder(" 2");
        assertThat(Rationale.plain(plain).ask("31422").answer()).contains("2");
        assertThat(plain.prompts()).containsExactly(Rationale.plain("31422").prompt());
    }

    @Test
    void allCharactersAreInTheAlphabet() {
        for (Rationale each : Rationale.values()) {
            Lesson lesson = each.lesson("01234", RNG);
            assertThat(SumRecipe.tokenizer().decode(SumRecipe.tokenizer().encode(lesson.prompt() + lesson.answer())))
                    .isEqualTo(lesson.prompt() + lesson.answer());
        }
    }

    @Test
    void swappedStepsAreThoseOfTheOther() {
        ScriptedModel model = ScriptedModel.inOrder(" 1");
        Outcome outcome = Rationale.chain(Rationale.swapped(model, "11111")).ask("00000");
        assertThat(outcome.answer()).contains("1");
        assertThat(model.prompts()).containsExactly("Q: 00000\nA: Steps 12340\nSo");
    }
}
