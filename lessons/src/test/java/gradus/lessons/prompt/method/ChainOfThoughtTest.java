package gradus.lessons.prompt.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.TinyChat;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.CompletionForm;
import gradus.lessons.prompt.demonstration.InstructionForm;
import gradus.lessons.prompt.demonstration.Selection;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChainOfThoughtTest {
    private static final AnswerExtractor NUMBER = AnswerExtractor.number();

    /// Two prompts: the second holds the first with its rationale, and asks for the answer alone.
    @Test
    void withoutDemonstrations() {
        ScriptedModel model = Legs.model();
        Outcome outcome = new ZeroShotChain(model, NUMBER).ask("  How many legs\nhave three cats? ");
        String first = "Q: How many legs have three cats?\nA: Let's think step by step.";
        String second = first + " A cat has 4 legs. 3 * 4 = 12.\nTherefore, the answer is";
        assertThat(model.prompts()).containsExactly(first, second);
        assertThat(outcome.answer()).contains("12");
        assertThat(outcome.thoughts())
                .containsExactly(
                        new Thought("rationale", first, " A cat has 4 legs. 3 * 4 = 12."),
                        new Thought("answer", second, " 12."));
        assertThat(model.transcript().get(0).options().stop()).containsExactly("\nQ:");
        assertThat(model.transcript().get(1).options()).isEqualTo(new CompletionOptions(32, 0, List.of("\n"), 0));
    }

    @Test
    void withDemonstrations() {
        ScriptedModel model = ScriptedModel.inOrder(" A cat has 4. 3 * 4 = 12. The answer is 12.\n\nQ: 5 cats?\nA: 20");
        Outcome outcome = new FewShotChain(model, Legs.SHOWN, NUMBER).ask(Legs.QUESTION);
        assertThat(model.prompts()).containsExactly("""
                        Q: How many legs have two birds?
                        A: A bird has 2 legs. 2 * 2 = 4. The answer is 4.

                        Q: How many legs has a fish?
                        A: The answer is 0.

                        Q: How many legs have three cats?
                        A:""");
        assertThat(outcome.answer()).contains("12");
        assertThat(outcome.thoughts().getFirst().text()).endsWith("12.\n");
    }

    /// What holds no answer has none; nothing is thrown.
    @Test
    void anAnswerThatCannotBeParsed() {
        assertThat(new ZeroShotChain(ScriptedModel.inOrder("Hm.", " unclear"), NUMBER)
                        .ask("x")
                        .answer())
                .isEmpty();
        assertThat(new FewShotChain(ScriptedModel.inOrder("3 * 4 = 12"), Legs.SHOWN, NUMBER)
                        .ask("x")
                        .answer())
                .as("no marker")
                .isEmpty();
        assertThat(new FewShot(
                                ScriptedModel.inOrder(""),
                                CompletionForm.defaults(),
                                Selection.none(),
                                NUMBER,
                                CompletionOptions.defaults())
                        .ask("x")
                        .answer())
                .isEmpty();
    }

    /// The same task as a text to go on with and as an instruction.
    @Test
    void completionAndInstruction() {
        ScriptedModel model = ScriptedModel.inOrder(" 12\nQ: more", " 12\nInput: more");
        CompletionOptions options = CompletionOptions.defaults();
        Selection shown = Selection.all(Legs.SHOWN);
        FewShot completion = new FewShot(model, CompletionForm.defaults(), shown, NUMBER, options);
        FewShot instruction = new FewShot(model, new InstructionForm("Count the legs."), shown, NUMBER, options);
        assertThat(completion.ask(Legs.QUESTION).answer()).contains("12");
        assertThat(instruction.ask(Legs.QUESTION).answer()).contains("12");
        assertThat(model.prompts().get(0))
                .isEqualTo("Q: How many legs have two birds?\nA: 4\n\nQ: How many legs has a fish?\nA: 0\n\n"
                        + "Q: How many legs have three cats?\nA:");
        assertThat(model.prompts().get(1))
                .isEqualTo("Count the legs.\n\nExamples:\nInput: How many legs have two birds?\nOutput: 4\n\n"
                        + "Input: How many legs has a fish?\nOutput: 0\n\n"
                        + "Input: How many legs have three cats?\nOutput:");
        assertThat(new InstructionForm("Count.").prompt(List.of(), "x")).isEqualTo("Count.\n\nInput: x\nOutput:");
    }

    /// The first prompt fits, with its rationale it does not: the message says which step.
    @Test
    void aContextThatOverflowsInTheMiddle() {
        ZeroShotChain chain = new ZeroShotChain(LocalModel.chat(TinyChat.model(86)), NUMBER);
        assertThatThrownBy(() -> chain.ask("who is it?"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("step answer: the prompt has ");
        ZeroShotChain small = new ZeroShotChain(LocalModel.chat(TinyChat.model(20)), NUMBER);
        assertThatThrownBy(() -> small.ask("who is it?"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("step rationale: the prompt has ");
    }

    @Test
    void mistakes() {
        assertThatThrownBy(() -> new FewShotChain(Legs.model(), List.of(), NUMBER).ask("x"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("needs at least one");
        assertThatThrownBy(() -> new ZeroShotChain(Legs.model(), "", "x", NUMBER, CompletionOptions.defaults()))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new InstructionForm(" ")).isInstanceOf(ConfigException.class);
    }
}
