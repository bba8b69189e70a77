package gradus.train.preference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.instruct.ChatFormat;
import gradus.train.task.Examples;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PreferenceEncoderTest {
    private static final Tokenizer TOKENIZER = tokenizer();
    private static final PreferenceEncoder ENCODER =
            new PreferenceEncoder(TOKENIZER, ChatTokens.of(ChatTemplate.of(ChatFormat.CHATML.template()), TOKENIZER));

    private static TokenizerPipeline tokenizer() {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(300)).train("who is it? it is me. ".repeat(40));
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                List.of(AddedToken.special(size, "<|im_start|>"), AddedToken.special(size + 1, "<|im_end|>")),
                new NoNormalizer()));
    }

    private static String marked(Examples examples) {
        int[] ids = examples.ids(0);
        return TOKENIZER.decode(IntStream.range(0, ids.length)
                .filter(at -> examples.learned(0, at))
                .map(at -> ids[at])
                .toArray());
    }

    /// The assistant's turn in the prompt is read and not marked.
    @Test
    void marksTheAnswersWithTheirClosingTokensAndNothingOfThePrompt() {
        var prompt = List.of(ChatMessage.user("who?"), ChatMessage.assistant("me."), ChatMessage.user("is it?"));
        PreferencePairs pairs = ENCODER.encode(List.of(new Preference.Chat(
                "f:1",
                prompt,
                List.of(ChatMessage.assistant("it is.")),
                List.of(ChatMessage.assistant("is who?")),
                null,
                2)));
        assertThat(marked(pairs.chosen())).startsWith("it is.<|im_end|>").doesNotContain("me", "who");
        assertThat(marked(pairs.rejected())).startsWith("is who?<|im_end|>").doesNotContain("me");
        assertThat(TOKENIZER.decode(pairs.chosen().ids(0))).contains("who?", "me.", "is it?");
        assertThat(pairs.margin(0)).isEqualTo(2);
    }

    @Test
    void marksTextsBehindTheirPrompt() {
        PreferencePairs pairs = ENCODER.encode(List.of(new Preference.Text("f:1", "who is it?", " me.", " it.", 0)));
        assertThat(marked(pairs.chosen())).isEqualTo(" me.");
        assertThat(marked(pairs.rejected())).isEqualTo(" it.");
        assertThat(TOKENIZER.decode(pairs.rejected().ids(0))).isEqualTo("who is it? it.");
    }

    /// What a policy is not graded by it does not learn: where to stop.
    @Test
    void textsBeginAndEndAsTheTokenizerSays() {
        int begin = TOKENIZER.tokenToId("<|im_start|>");
        int end = TOKENIZER.tokenToId("<|im_end|>");
        TokenizerPipeline framed = tokenizer()
                .withRoles(SpecialTokens.NONE.withBos(begin).withAddBos(true).withEos(List.of(end)));
        PreferencePairs pairs = new PreferenceEncoder(framed, null)
                .encode(List.of(new Preference.Text("f:1", "who is it?", " me.", " it.", 0)));
        assertThat(marked(pairs.chosen())).isEqualTo(" me.<|im_end|>");
        assertThat(marked(pairs.rejected())).isEqualTo(" it.<|im_end|>");
        assertThat(TOKENIZER.decode(pairs.chosen().ids(0))).isEqualTo("<|im_start|>who is it? me.<|im_end|>");
    }

    @Test
    void refusesAnEmptyPromptAndMessagesWithoutTemplate() {
        var empty = List.<Preference>of(new Preference.Text("f:7", "", "me", "it", 0));
        assertThatThrownBy(() -> ENCODER.encode(empty))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f:7: ");
        var chat = List.<Preference>of(new Preference.Chat(
                "f:8",
                List.of(ChatMessage.user("who?")),
                List.of(ChatMessage.assistant("me")),
                List.of(ChatMessage.assistant("it")),
                null,
                0));
        assertThatThrownBy(() -> new PreferenceEncoder(TOKENIZER, null).encode(chat))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("f:8: ");
    }
}
