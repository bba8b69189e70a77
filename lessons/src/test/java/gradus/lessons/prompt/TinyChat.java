package gradus.lessons.prompt;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.SpecialTokens;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.TokenizerPipeline.Frame;
import gradus.tokenizer.added.AddedToken;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.chat.ChatModel;
import gradus.train.instruct.ChatFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A model of random weights that can be talked to.
public final class TinyChat {
    /// With `<|im_start|>` and `<|im_end|>`.
    public static final Tokenizer TOKENIZER = tokenizer();

    private TinyChat() {}

    private static Tokenizer tokenizer() {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(280)).train("who is it? it is me. ".repeat(40));
        int size = bpe.vocabularySize();
        return bpe.withFrame(Frame.of(
                        List.of(AddedToken.special(size, "<|im_start|>"), AddedToken.special(size + 1, "<|im_end|>")),
                        new NoNormalizer()))
                .withRoles(SpecialTokens.NONE.withEos(List.of(size + 1)));
    }

    public static ChatModel model(int context) {
        Gpt gpt = new Gpt(new GptConfig(TOKENIZER.vocabularySize(), context, 1, 2, 8, 0.0), Rng.of(1));
        return new ChatModel(
                gpt.eval(),
                TOKENIZER,
                ChatTemplate.of(ChatFormat.CHATML.template()),
                Set.of(TOKENIZER.tokenToId("<|im_end|>")),
                Optional.empty(),
                0);
    }
}
