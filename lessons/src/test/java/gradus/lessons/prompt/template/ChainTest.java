package gradus.lessons.prompt.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.LocalModel;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.Thought;
import gradus.lessons.prompt.TinyChat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainTest {
    private static Chain chain(TextModel model) {
        return Chain.of(model)
                .then("facts", PromptTemplate.of("Facts of {question}:"))
                .then("answer", PromptTemplate.of("{question}\n{facts}\nAnswer:"));
    }

    /// What a step writes stands in the prompts behind it, braces and all; thoughts are kept.
    @Test
    void stepsSeeWhatCameBefore() {
        ScriptedModel model = ScriptedModel.inOrder(" {4} legs", " twelve \n");
        Outcome outcome = chain(model).run(Map.of("question", "legs?"));
        assertThat(model.prompts()).containsExactly("Facts of legs?:", "legs?\n {4} legs\nAnswer:");
        assertThat(outcome)
                .isEqualTo(new Outcome(
                        Optional.of("twelve"),
                        List.of(
                                new Thought("facts", "Facts of legs?:", " {4} legs"),
                                new Thought("answer", "legs?\n {4} legs\nAnswer:", " twelve \n"))));
    }

    @Test
    void whatIsWrongIsSaidBeforeAnythingIsAsked() {
        ScriptedModel model = ScriptedModel.empty();
        assertThatThrownBy(() -> chain(model).run(Map.of("qestion", "x")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("{question} has no value; the nearest that was given is qestion");
        assertThatThrownBy(() -> chain(model).run(Map.of("question", "x", "facts", "y")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("facts is given, but it is what a step of the chain finds out");
        assertThatThrownBy(() -> chain(model).run(Map.of("question", "x", "more", "y")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("more is given, but no step of the chain uses it");
        assertThatThrownBy(() -> chain(model).then("facts", PromptTemplate.of("x")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("the chain has a step facts already");
        assertThatThrownBy(() -> Chain.of(model).run(Map.of())).isInstanceOf(ConfigException.class);
        assertThat(model.prompts()).isEmpty();
    }

    /// The prompt of the second step is longer than the model sees: its name is in the message.
    @Test
    void aContextThatOverflowsInTheMiddle() {
        TextModel model = LocalModel.chat(TinyChat.model(60));
        Chain growing = Chain.of(model)
                .then(
                        "first",
                        PromptTemplate.of("{q}"),
                        CompletionOptions.defaults().withMaxTokens(8))
                .then("second", PromptTemplate.of("{first} {q} {q} {q} {q} {q} {q} {q} {q}"));
        assertThatThrownBy(() -> growing.run(Map.of("q", "why not?")))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("step second: the prompt has \\d+ tokens .* the model sees at most 60; shorten it");
    }

    @Test
    void aModelThatIsGoneIsSaidWithTheStep() {
        assertThatThrownBy(() -> chain((prompt, options) -> {
                            throw new ResourceException("the model does not answer: refused");
                        })
                        .run(Map.of("question", "x")))
                .isInstanceOf(ResourceException.class)
                .hasMessage("step facts: the model does not answer: refused");
    }
}
