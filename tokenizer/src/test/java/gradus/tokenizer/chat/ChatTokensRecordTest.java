package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.chat.ChatTokens.Turns;
import gradus.tokenizer.normalize.NoNormalizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Conversations as ids: when two are equal, what is learned where a turn's end falls within a token, and how a
/// template that hides its turns is told.
class ChatTokensRecordTest {
    private static final Tokenizer TOKENIZER = tokenizer();

    private static Tokenizer tokenizer() {
        ByteLevelBpe bpe = WordNetBpe.get();
        return bpe.withFrame(Frame.of(List.of(AddedToken.special(bpe.vocabularySize(), "<end>")), new NoNormalizer()));
    }

    private static ChatTokens.Encoder encoder(String template) {
        return ChatTokens.of(ChatTemplate.of(template), TOKENIZER);
    }

    private static final List<ChatMessage> TWO = List.of(ChatMessage.user("Q"), ChatMessage.assistant("again"));

    @Test
    void twoAreEqualWhereTextIdsAndWhatIsLearnedAre() {
        var tokens = new ChatTokens("ab", new int[] {1, 2}, new boolean[] {false, true});
        assertThat(tokens)
                .isEqualTo(new ChatTokens("ab", new int[] {1, 2}, new boolean[] {false, true}))
                .hasSameHashCodeAs(new ChatTokens("ab", new int[] {1, 2}, new boolean[] {false, true}))
                .isNotEqualTo(new ChatTokens("ac", new int[] {1, 2}, new boolean[] {false, true}))
                .isNotEqualTo(new ChatTokens("ab", new int[] {1, 3}, new boolean[] {false, true}))
                .isNotEqualTo(new ChatTokens("ab", new int[] {1, 2}, new boolean[] {true, true}))
                .isNotEqualTo("ab")
                .doesNotHaveSameHashCodeAs(new ChatTokens("ab", new int[] {1, 3}, new boolean[] {false, true}))
                .hasToString("ChatTokens[2 ids, 1 learned]");
        assertThat(tokens.learnedIds()).containsExactly(2);
    }

    /// " again" is one token: it counts for the assistant, though its space is the prompt's; so does a token
    /// that holds an answer's end and what comes behind.
    @Test
    void aTokenAcrossATurnsEdgeCountsForTheAssistant() {
        int[] whole = TOKENIZER.encode("Q again.");
        assertThat(whole).contains(TOKENIZER.encode(" again")[0]);
        ChatTokens start =
                encoder("Q {% generation %}again.{% endgeneration %}").encode(TWO);
        assertThat(TOKENIZER.decode(start.learnedIds())).isEqualTo(" again.");
        ChatTokens end = encoder("Q {% generation %}ag{% endgeneration %}ain.").encode(TWO);
        assertThat(TOKENIZER.decode(end.learnedIds())).isEqualTo(" again");
        ChatTokens clean =
                encoder("Q{% generation %} again{% endgeneration %}.").encode(TWO);
        assertThat(TOKENIZER.decode(clean.learnedIds())).isEqualTo(" again");
        ChatTokens nothing =
                encoder("Q again{% generation %}{% endgeneration %}.").encode(TWO);
        assertThat(nothing.learnedIds()).isEmpty();
    }

    @Test
    void theTokenizersRolesAndTheEncodersVariablesAreTheTemplates() {
        ChatTokens.Encoder encoder =
                encoder("{{ end }}{{ messages[-1].content }}").withVariables(Map.of("end", "!"));
        assertThat(encoder.prompt(TWO, null)).isEqualTo(TOKENIZER.encode("!again"));
        assertThat(encoder.variables()).isEqualTo(Map.of("end", "!"));
        assertThat(encoder.withTurns(Turns.LAST).withSpecials(SpecialsInContent.REFUSED))
                .isEqualTo(new ChatTokens.Encoder(
                        encoder.template(), TOKENIZER, SpecialsInContent.REFUSED, Turns.LAST, Map.of("end", "!")));
    }

    @Test
    void toolsReachTheTemplate() {
        String template = "{{ tools | tojson }}{% for m in messages %}{{ m.content }}{% endfor %}";
        assertThat(TOKENIZER.decode(encoder(template).prompt(TWO, List.of(Map.of("k", 1)))))
                .isEqualTo("[{\"k\": 1}]Qagain");
        assertThat(encoder(template).encode(TWO, List.of(Map.of("k", 1))).text())
                .isEqualTo("[{\"k\": 1}]Qagain");
        assertThat(encoder(template).encode(TWO).text()).isEqualTo("nullQagain");
    }

    @Test
    void aTurnThatIsLeftOutIsTold() {
        String silent = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}";
        assertThatThrownBy(() -> encoder(silent).encode(TWO))
                .hasMessage("message 2: the chat template leaves the assistant's turn out");
    }

    @Test
    void whereTextsPartIsTold() {
        String counting = "{{ messages | length }}{% for m in messages %}<end>{{ m.content }}{% endfor %}";
        assertThatThrownBy(() -> encoder(counting).encode(List.of(TWO.get(0), TWO.get(1), TWO.get(0))))
                .hasMessage("the chat template does not let the assistant's turns be found: the text up to message 2 is"
                        + " not how the whole conversation begins, they part after 0 characters ('2<end>Q<end>again'"
                        + " and '3<end>Q<end>again<en'); learn each conversation's last turn only (Turns.LAST)");
        assertThatThrownBy(() -> encoder(counting).encode(TWO))
                .hasMessageContaining("the prompt for message 2 is not how the text with it begins, they part after 0")
                .hasMessageEndingWith("use a template with generation blocks");
        String strict = "{% if messages | length < 2 %}{{ raise_exception('too few') }}{% endif %}x";
        assertThatThrownBy(() -> encoder(strict).encode(TWO))
                .hasMessage(
                        "message 2: the assistant's turn cannot be found, for the template does not render the first"
                                + " 1 messages alone: chat template, line 1: too few");
        String same = "abc{{ 'd' if messages | length == 2 else 'x' }}";
        assertThatThrownBy(() -> encoder(same).encode(TWO))
                .hasMessageContaining("they part after 3 characters ('x' and 'd')");
    }

    @Test
    void theLastTurnMayBeFollowedByOthers() {
        String plain = "{% for m in messages %}<end>{{ m.content }}{% endfor %}{{ '<end>' if add_generation_prompt }}";
        List<ChatMessage> more = List.of(
                TWO.get(0),
                TWO.get(1),
                ChatMessage.user("more"),
                ChatMessage.assistant("gain"),
                ChatMessage.user("end"));
        assertThat(TOKENIZER.decode(encoder(plain).encode(more).learnedIds())).isEqualTo("againgain");
        assertThat(TOKENIZER.decode(
                        encoder(plain).withTurns(Turns.LAST).encode(more).learnedIds()))
                .isEqualTo("gain");
    }
}
