package gradus.lessons.prompt.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.answer.AnswerExtractor;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RefineAndDecomposeTest {
    private static List<String> names(Outcome outcome) {
        return outcome.thoughts().stream().map(Thought::name).toList();
    }

    @Test
    void refinedUntilThereIsNothingToSay() {
        ScriptedModel model = ScriptedModel.inOrder("ten", "Count again.", " twelve ", "Nothing to improve.");
        Outcome outcome = new SelfRefine(model).ask(Legs.QUESTION);
        assertThat(outcome.answer()).contains("twelve");
        assertThat(names(outcome)).containsExactly("draft", "feedback 1", "revision 1", "feedback 2");
        assertThat(model.prompts().get(2)).contains("Answer: ten\nFeedback: Count again.\nBetter answer:");
        assertThat(model.prompts().get(3)).contains("Answer: twelve\nFeedback:").doesNotContain("ten\n");
        assertThat(model.prompts().get(1)).contains("write NOTHING TO IMPROVE alone");
    }

    /// It asks 1 + 2·rounds times where the model is never content, and once for 0 rounds.
    @Property(tries = 200)
    void roundsAreTheLimit(@ForAll @IntRange(max = 8) int rounds) {
        ScriptedModel model = ScriptedModel.empty().when(prompt -> true, "more");
        new SelfRefine(model, rounds, "STOP", AnswerExtractor.whole(), CompletionOptions.defaults()).ask("x");
        assertThat(model.prompts()).hasSize(1 + 2 * rounds);
    }

    @Test
    void easierQuestionsFirst() {
        ScriptedModel model = ScriptedModel.inOrder(
                "1. How many legs has a cat?\n- How many cats are there?\n\nHow many legs has a cat?",
                " 4\n",
                " 3",
                " 3 * 4 = 12\n\nQ: and dogs?");
        Outcome outcome = new LeastToMost(model, AnswerExtractor.number()).ask(Legs.QUESTION);
        assertThat(outcome.answer()).contains("12");
        assertThat(names(outcome)).containsExactly("decomposition", "question 1", "question 2", "last question");
        assertThat(model.prompts().get(1)).isEqualTo("Q: How many legs has a cat?\nA:");
        assertThat(model.prompts().get(3))
                .isEqualTo("Q: How many legs has a cat?\nA: 4\n\nQ: How many cats are there?\nA: 3\n\nQ: "
                        + Legs.QUESTION + "\nA:");
    }

    /// A model that writes the question among the easier ones is not asked it twice.
    @Test
    void theQuestionIsNotAmongTheEasierOnes() {
        ScriptedModel model = ScriptedModel.inOrder("1. easy?\n2. hard?", "1", "2");
        assertThat(new LeastToMost(model, AnswerExtractor.number()).ask("hard?").answer())
                .contains("2");
        assertThat(model.prompts().getLast()).isEqualTo("Q: easy?\nA: 1\n\nQ: hard?\nA:");
    }

    /// However many questions a model makes up, no more are asked than said; without any, the question is.
    @Property(tries = 200)
    void easierQuestionsAreLimited(
            @ForAll @IntRange(max = 20) int lines, @ForAll @IntRange(min = 1, max = 6) int most) {
        StringBuilder made = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            made.append(i + 1).append(") what is ").append(i).append("?\n");
        }
        ScriptedModel model = ScriptedModel.inOrder(made.toString()).when(prompt -> prompt.startsWith("Q:"), "7");
        LeastToMost method = new LeastToMost(model, most, AnswerExtractor.number(), CompletionOptions.defaults());
        assertThat(method.ask("x").answer()).contains("7");
        assertThat(model.prompts()).hasSize(2 + Math.min(lines, most));
    }

    @Test
    void mistakes() {
        ScriptedModel model = ScriptedModel.empty();
        CompletionOptions options = CompletionOptions.defaults();
        assertThatThrownBy(() -> new SelfRefine(model, -1, "STOP", AnswerExtractor.whole(), options))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new SelfRefine(model, 1, " ", AnswerExtractor.whole(), options))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LeastToMost(model, 0, AnswerExtractor.whole(), options))
                .isInstanceOf(ConfigException.class);
    }

    /// The sign stops only where it stands alone.
    @Test
    void aSentenceThatHoldsTheSignStopsNothing() {
        ScriptedModel model = ScriptedModel.inOrder(
                "ten",
                "There is nothing to improve in the style, but the number is wrong: it is twelve.",
                "twelve",
                "**Nothing to improve!**");
        Outcome outcome = new SelfRefine(model).ask(Legs.QUESTION);
        assertThat(outcome.answer()).contains("twelve");
        assertThat(names(outcome)).containsExactly("draft", "feedback 1", "revision 1", "feedback 2");
        ScriptedModel sign = ScriptedModel.inOrder("ten", " ### ");
        new SelfRefine(sign, 3, "###", AnswerExtractor.whole(), CompletionOptions.defaults()).ask("x");
        assertThat(sign.prompts()).hasSize(2);
    }

    @Test
    void signsAndDecimalsAreNoBullets() {
        ScriptedModel model = ScriptedModel.inOrder("-5 + 3 = ?\n3.5 is more than 3?\n- and this?", "1", "2", "3", "4");
        assertThat(new LeastToMost(model, AnswerExtractor.number()).ask("x").answer())
                .contains("4");
        assertThat(model.prompts().get(3))
                .startsWith("Q: -5 + 3 = ?\n")
                .contains("\nQ: 3.5 is more than 3?\n", "\nQ: and this?\n");
        assertThat(new LeastToMost(ScriptedModel.inOrder("", "7"), AnswerExtractor.number())
                        .ask(" ")
                        .answer())
                .contains("7");
    }
}
