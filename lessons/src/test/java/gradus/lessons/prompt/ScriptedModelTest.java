package gradus.lessons.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.tokenizer.chat.ChatMessage;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {
    @Test
    void rulesComeFirstThenTheRow() {
        ScriptedModel model = ScriptedModel.inOrder("one", "two")
                .when(prompt -> prompt.startsWith("who"), "me")
                .when(prompt -> prompt.endsWith("!"), prompt -> prompt.toUpperCase(java.util.Locale.ROOT));
        assertThat(List.of(model.complete("a"), model.complete("who!"), model.complete("b!"), model.complete("c")))
                .containsExactly("one", "me", "B!", "two");
        assertThat(model.prompts()).containsExactly("a", "who!", "b!", "c");
        assertThat(model.transcript().get(1)).isEqualTo(new Exchange("who!", CompletionOptions.defaults(), "me"));
        assertThatThrownBy(() -> model.complete("d\ne"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the script has no answer number 5, to: ")
                .satisfies(wrong -> assertThat(wrong.getMessage()).doesNotContain("\n"));
        assertThat(model.transcript()).hasSize(4);
    }

    /// A script ends where a model that heeds the stop strings would.
    @Property(tries = 200)
    void endsBeforeTheFirstStopString(
            @ForAll @CharRange(from = 'a', to = 'd') @StringLength(max = 30) String answer,
            @ForAll @Size(max = 3)
                    List<@CharRange(from = 'a', to = 'd') @StringLength(min = 1, max = 3) String> stops) {
        String said = ScriptedModel.inOrder(answer)
                .complete("x", CompletionOptions.defaults().withStop(stops.toArray(String[]::new)));
        assertThat(answer).startsWith(said);
        assertThat(stops).noneMatch(said::contains);
        String rest = answer.substring(said.length());
        assertThat(rest.isEmpty() || stops.stream().anyMatch(rest::startsWith)).isTrue();
    }

    @Test
    void conversationsWithoutATemplateAreWrittenOut() {
        ScriptedModel model = ScriptedModel.empty().when(prompt -> true, "x");
        model.chat(List.of(ChatMessage.user("who?")), CompletionOptions.defaults());
        model.chat(
                List.of(ChatMessage.system("be brief"), ChatMessage.user("who?")),
                CompletionOptions.defaults(),
                piece -> assertThat(piece).isEqualTo("x"));
        assertThat(model.prompts()).containsExactly("who?", "System: be brief\n\nUser: who?\n\nAssistant:");
    }

    @Test
    void whatIsRecordedIsWhatWasSaid() {
        ScriptedModel model = ScriptedModel.inOrder("a", "b");
        RecordedModel recorded = new RecordedModel(model);
        recorded.complete("1");
        recorded.complete("2", CompletionOptions.defaults().withSeed(3));
        assertThat(recorded.transcript()).isEqualTo(model.transcript());
    }

    @Test
    void optionsAreInTheirRanges() {
        CompletionOptions options = CompletionOptions.defaults();
        assertThatThrownBy(() -> options.withMaxTokens(0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("maxTokens must be at least 1; got 0");
        assertThatThrownBy(() -> options.withTemperature(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> options.withTemperature(-1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> options.withStop("")).isInstanceOf(ConfigException.class);
    }
}
