package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.instruct.ChatFormat;
import gradus.train.pretrained.HuggingFaceFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a base gets so that it can be talked to.
class ChatBaseTest {
    private static final Tokenizer TOKENIZER = new BpeTrainer(BpeTrainerOptions.of(260)).train("the cat sees the dog");

    @TempDir
    Path folder;

    private OpenBase base(String... specials) {
        Tokenizer tokenizer = specials.length == 0
                ? TOKENIZER
                : new BpeTrainer(BpeTrainerOptions.of(262).withSpecialTokens(List.of(specials)))
                        .train("the cat sees the dog");
        LlamaConfig sizes = LlamaConfig.of(16, 2, 1)
                .withHidden(24)
                .withVocabSize(tokenizer.vocabularySize())
                .withContext(8);
        HuggingFaceFolder.save(folder, new Llama(sizes, Rng.of(1)).eval(), tokenizer);
        return OpenBase.of(folder);
    }

    @Test
    void aBaseWithoutATemplateNeedsOne() {
        OpenBase base = base();
        assertThatThrownBy(() -> ChatBase.of(base, null))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(folder + " has no chat template: choose --chat-template chatml, plain");
    }

    @Test
    void chatMlBringsItsMarkersWithRowsOfTheirOwn() {
        OpenBase base = base();
        int before = base.model().vocabSize();
        int end = TOKENIZER.tokenToId("<|endoftext|>");
        OpenBase chat = ChatBase.of(base, ChatFormat.CHATML);
        Tokenizer tokenizer = chat.saved().text().tokenizer();
        assertThat(tokenizer.tokenToId("<|im_start|>")).isEqualTo(before);
        assertThat(tokenizer.tokenToId("<|im_end|>")).isEqualTo(before + 1);
        assertThat(tokenizer.specialTokens()).contains("<|im_start|>", "<|im_end|>", "<|endoftext|>");
        assertThat(chat.model().vocabSize()).isEqualTo(before + 2);
        assertThat(chat.saved().model()).isSameAs(chat.model());
        assertThat(chat.path()).isEqualTo(folder);
        // the token that closes a turn comes first, then the base's own end
        assertThat(chat.saved().ends()).containsExactly(before + 1, end);
        assertThat(chat.saved().generation().eos()).containsExactly(before + 1, end);
        assertThat(chat.saved().generation().bos())
                .isEqualTo(base.saved().generation().bos());
        assertThat(chat.saved().generation().pad())
                .isEqualTo(base.saved().generation().pad());
        SpecialTokens roles = tokenizer.roles();
        assertThat(roles.eos()).containsExactly(before + 1, end);
        assertThat(roles.chatTemplate()).contains(ChatFormat.CHATML.template());
        assertThat(roles.addBos()).isEqualTo(Optional.of(false)); // the template writes what begins a text
        // it can be talked to now, and again
        assertThat(ChatBase.of(chat, null)).isSameAs(chat);
        OpenBase again = ChatBase.of(chat, ChatFormat.CHATML);
        assertThat(again.model()).isSameAs(chat.model());
        assertThat(again.saved().text().tokenizer().vocabularySize()).isEqualTo(before + 2);
    }

    @Test
    void plainTextNeedsNoMarkerButAnEnd() {
        OpenBase base = base();
        OpenBase chat = ChatBase.of(base, ChatFormat.PLAIN);
        LanguageModel model = base.model();
        assertThat(chat.model()).isSameAs(model);
        assertThat(chat.saved().ends()).containsExactly(TOKENIZER.tokenToId("<|endoftext|>"));
        OpenBase endless = base("<|other|>");
        assertThatThrownBy(() -> ChatBase.of(endless, ChatFormat.PLAIN))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("has no token that ends a text");
        assertThat(ChatBase.of(endless, ChatFormat.CHATML).saved().ends()).hasSize(1);
    }

    /// A marker that the vocabulary has already as an ordinary piece would be spelt by any text.
    @Test
    void aMarkerIsASpecialToken() {
        OpenBase base = base();
        ChatFormat format = new ChatFormat(ChatFormat.CHATML.template(), List.of("a"));
        assertThatThrownBy(() -> ChatBase.of(base, format))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("the base's token a is no special token");
    }
}
