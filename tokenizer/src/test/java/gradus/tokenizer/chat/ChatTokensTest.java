package gradus.tokenizer.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.WordNetBpe;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.normalize.NoNormalizer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/// Which ids are learned. The expectation is written by hand: the template's pieces, one by one.
class ChatTokensTest {
    private static final String CHATML = """
            {%- for m in messages %}
            {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}""";
    private static final String WITH_GENERATION = """
            {%- for m in messages %}{% if m.role == 'assistant' %}<|im_start|>assistant
            {% generation %}{{ m.content }}<|im_end|>{% endgeneration %}{% else %}
            {{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' }}{% endif %}{% endfor %}""";
    private static final Tokenizer TOKENIZER = tokenizer();

    private static Tokenizer tokenizer() {
        ByteLevelBpe bpe = WordNetBpe.get();
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                List.of(AddedToken.special(size, "<|im_start|>"), AddedToken.special(size + 1, "<|im_end|>")),
                new NoNormalizer()));
    }

    private static final int START = TOKENIZER.tokenToId("<|im_start|>");
    private static final int END = TOKENIZER.tokenToId("<|im_end|>");

    private static ChatTokens encode(String template, List<ChatMessage> messages) {
        return ChatTokens.of(ChatTemplate.of(template), TOKENIZER).encode(messages);
    }

    private static List<ChatMessage> conversation(List<String> contents) {
        var messages = new ArrayList<ChatMessage>();
        for (int i = 0; i < contents.size(); i++) {
            messages.add(i % 2 == 0 ? ChatMessage.user(contents.get(i)) : ChatMessage.assistant("a" + contents.get(i)));
        }
        return messages;
    }

    /// Whatever the messages say, special tokens of their own included: the ids are the template's special
    /// tokens and between them the ids of plain text, and what is learned is each answer with its closing
    /// token and line end.
    @Property(tries = 200)
    void f1_whatIsLearnedIsEachAnswerWithItsClosingToken(
            @ForAll @Size(min = 2, max = 6) List<@StringLength(max = 12) String> contents, @ForAll boolean forged) {
        List<String> texts = contents.stream()
                .map(text -> text.replace("\uFDD0", "").replaceAll("\\p{Cs}", "") + (forged ? "<|im_end|>" : ""))
                .toList();
        var ids = new ArrayList<Integer>();
        var learned = new ArrayList<Integer>();
        for (int i = 0; i < texts.size(); i++) {
            boolean answer = i % 2 == 1;
            ids.add(START);
            add(ids, TOKENIZER.encode((answer ? "assistant\n" + "a" : "user\n") + texts.get(i)));
            ids.add(END);
            add(ids, TOKENIZER.encode("\n"));
            if (answer) {
                add(learned, TOKENIZER.encode("a" + texts.get(i)));
                learned.add(END);
                add(learned, TOKENIZER.encode("\n"));
            }
        }
        ChatTokens tokens = encode(CHATML, conversation(texts));
        assertThat(tokens.ids())
                .containsExactly(ids.stream().mapToInt(Integer::intValue).toArray());
        assertThat(tokens.learnedIds())
                .containsExactly(learned.stream().mapToInt(Integer::intValue).toArray());
        assertThat(TOKENIZER.decode(tokens.ids())).isEqualTo(tokens.text());
    }

    private static void add(List<Integer> to, int[] ids) {
        for (int id : ids) {
            to.add(id);
        }
    }

    @Test
    void generationBlocksSayWhatIsLearned() {
        ChatTokens tokens = encode(WITH_GENERATION, conversation(List.of("Hi", "nswer 🦊", "More", "gain")));
        assertThat(TOKENIZER.decode(tokens.learnedIds())).isEqualTo("answer 🦊<|im_end|>again<|im_end|>");
    }

    @Test
    void onlyTheLastTurnIsLearnedWhereThatIsAsked() {
        ChatTokens tokens = ChatTokens.of(ChatTemplate.of(CHATML), TOKENIZER)
                .withTurns(ChatTokens.Turns.LAST)
                .encode(conversation(List.of("Hi", "nswer", "More", "gain", "Bye")));
        assertThat(TOKENIZER.decode(tokens.learnedIds())).isEqualTo("again<|im_end|>\n");
        ChatTokens generated = ChatTokens.of(ChatTemplate.of(WITH_GENERATION), TOKENIZER)
                .withTurns(ChatTokens.Turns.LAST)
                .encode(conversation(List.of("Hi", "nswer", "More", "gain")));
        assertThat(TOKENIZER.decode(generated.learnedIds())).isEqualTo("again<|im_end|>");
    }

    @Test
    void whatAPromptsIdsAreIsHowTheAnswerBegins() {
        List<ChatMessage> messages = conversation(List.of("Hi", "nswer"));
        int[] prompt = ChatTokens.of(ChatTemplate.of(CHATML), TOKENIZER).prompt(messages.subList(0, 1), null);
        ChatTokens tokens = encode(CHATML, messages);
        assertThat(tokens.ids()).startsWith(prompt);
        assertThat(tokens.learned()[prompt.length - 1]).isFalse();
        assertThat(tokens.learned()[prompt.length]).isTrue();
    }

    @Test
    void aForgedTokenIsTextOrATokenOrRefusedAsAsked() {
        List<ChatMessage> messages = conversation(List.of("x<|im_end|>y", "nswer"));
        var encoder = ChatTokens.of(ChatTemplate.of(CHATML), TOKENIZER);
        assertThat(encoder.encode(messages).ids())
                .satisfies(ids -> assertThat(count(ids, END)).isEqualTo(2));
        assertThat(encoder.withSpecials(SpecialsInContent.SPECIAL)
                        .encode(messages)
                        .ids())
                .satisfies(ids -> assertThat(count(ids, END)).isEqualTo(3));
        assertThatThrownBy(() -> encoder.withSpecials(SpecialsInContent.REFUSED).encode(messages))
                .hasMessage("message 1 holds the text of the special token '<|im_end|>'");
    }

    private static int count(int[] ids, int wanted) {
        int count = 0;
        for (int id : ids) {
            count += id == wanted ? 1 : 0;
        }
        return count;
    }

    @Test
    void anEmptyTurnOrNoneIsRefused() {
        assertThatThrownBy(() -> encode(CHATML, List.of(ChatMessage.user("Hi"), ChatMessage.assistant(" "))))
                .hasMessage("message 2: the assistant's turn is empty");
        assertThatThrownBy(() -> encode(CHATML, List.of(ChatMessage.user("Hi"))))
                .hasMessageContaining("nothing to learn");
    }

    @Test
    void aTemplateThatRewritesEarlierTurnsIsRefusedButForTheLast() {
        String forgetful =
                "{% for m in messages %}[{{ m.role }}]{{ m.content if loop.last or m.role == 'user' else '…' }}"
                        + "{% endfor %}{{ '[assistant]' if add_generation_prompt }}";
        List<ChatMessage> messages = conversation(List.of("Hi", "nswer", "More", "gain"));
        assertThatThrownBy(() -> encode(forgetful, messages))
                .hasMessageContaining("the text up to message 2 is not how the whole conversation begins")
                .hasMessageContaining("Turns.LAST");
        ChatTokens tokens = ChatTokens.of(ChatTemplate.of(forgetful), TOKENIZER)
                .withTurns(ChatTokens.Turns.LAST)
                .encode(messages);
        assertThat(TOKENIZER.decode(tokens.learnedIds())).isEqualTo("again");
    }

    @Test
    void aPromptThatTheTextDoesNotBeginWithIsRefused() {
        String other = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                + "{{ '<think>' if add_generation_prompt }}";
        assertThatThrownBy(() -> encode(other, conversation(List.of("Hi", "nswer"))))
                .hasMessageContaining("the prompt for message 2 is not how the text with it begins");
    }

    @Test
    void theTemplatesOwnMessageIsPassedOn() {
        String strict = "{% if messages | length != 2 %}{{ raise_exception('two messages, please') }}{% endif %}";
        assertThatThrownBy(() -> encode(strict, conversation(List.of("Hi", "nswer", "More"))))
                .hasMessageContaining("two messages, please");
    }
}
