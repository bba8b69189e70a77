package gradus.lessons.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatMessage;
import gradus.train.chat.ChatModel;
import gradus.train.chat.ChatSession;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelTest {
    private static final CompletionOptions TWELVE = CompletionOptions.defaults().withMaxTokens(12);

    @TempDir
    Path temporary;

    private final ChatModel chat = TinyChat.model(200);
    private final TextModel model = LocalModel.chat(chat);

    /// Greedy, a prompt is answered as a conversation is that begins with it.
    @Test
    void aPromptIsWhatTheUserSays() {
        try (ChatSession session = new ChatSession(chat, Sampling.greedy(), 12, Rng.of(9))) {
            String expected = session.ask("who is it?", piece -> true).text();
            assertThat(model.complete("who is it?", TWELVE)).isEqualTo(expected).isNotEmpty();
        }
    }

    @Test
    void aConversationIsAnsweredThroughTheTemplate() {
        try (ChatSession session = new ChatSession(chat, Sampling.greedy(), 12, Rng.of(9))) {
            session.system("be brief");
            String first = session.ask("who is it?", piece -> true).text();
            String second = session.ask("me?", piece -> true).text();
            assertThat(model.chat(
                            List.of(
                                    ChatMessage.system("be brief"),
                                    ChatMessage.user("who is it?"),
                                    ChatMessage.assistant(first),
                                    ChatMessage.user("me?")),
                            TWELVE))
                    .isEqualTo(second);
        }
    }

    @Test
    void seedsDecideAndPiecesMakeTheText() {
        CompletionOptions hot = TWELVE.withTemperature(1);
        String one = model.complete("who", hot);
        assertThat(model.complete("who", hot)).isEqualTo(one);
        assertThat(model.complete("who", hot.withSeed(7))).isNotEqualTo(one);
        List<String> pieces = new ArrayList<>();
        assertThat(model.chat(List.of(ChatMessage.user("who")), hot, pieces::add))
                .isEqualTo(one);
        assertThat(String.join("", pieces)).isEqualTo(one);
        assertThat(pieces).hasSizeGreaterThan(2);
    }

    @Test
    void itEndsBeforeAStopString() {
        String whole = model.complete("who", TWELVE);
        String stop = whole.substring(4, 6);
        assertThat(model.complete("who", TWELVE.withStop(stop))).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    }

    @Test
    void whatDoesNotFitIsSaid() {
        TextModel small = LocalModel.chat(TinyChat.model(30));
        assertThatThrownBy(() -> small.complete("who is it? ".repeat(20), TWELVE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the model sees at most 30; shorten it");
        assertThat(small.complete("it", CompletionOptions.defaults().withMaxTokens(1000)))
                .isNotNull();
    }

    /// The same through a folder: what a model without a template writes is the prompt's continuation.
    @Test
    void aFolderWithoutATemplate() {
        Gpt gpt = (Gpt) TinyChat.model(60).model();
        HuggingFaceFolder.save(temporary, gpt, TinyChat.TOKENIZER);
        TextModel plain = LocalModel.open(temporary);
        StringBuilder expected = new StringBuilder();
        var decoder = TinyChat.TOKENIZER.decoder();
        int[] prompt = TinyChat.TOKENIZER.encode("who is");
        for (int id : prompt) {
            decoder.accept(id);
        }
        int end = TinyChat.TOKENIZER.tokenToId("<|im_end|>");
        new Generator(gpt, Sampling.greedy()).generate(prompt, 12, Rng.of(0), id -> {
            expected.append(id >= end - 1 ? "" : decoder.accept(id));
            return id != end;
        });
        assertThat(plain.complete("who is", TWELVE))
                .isEqualTo(expected.append(decoder.finish()).toString());
        List<String> pieces = new ArrayList<>();
        plain.chat(List.of(ChatMessage.user("who is")), TWELVE, pieces::add);
        assertThat(String.join("", pieces)).isEqualTo(expected.toString());
        assertThatThrownBy(() -> plain.complete("who is it? ".repeat(40), TWELVE))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the prompt has ")
                .hasMessageContaining("the model sees at most 60");
        assertThatThrownBy(() -> LocalModel.open(temporary.resolve("none"))).isInstanceOf(UsageException.class);
    }
}
