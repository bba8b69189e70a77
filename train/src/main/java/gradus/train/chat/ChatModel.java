package gradus.train.chat;

import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.finetune.Adapted;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.run.SavedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A model that can be talked to.
///
/// @param model     in evaluation
/// @param ends      the tokens that end an answer
/// @param sampling  how tokens are drawn, where the model's files say so
/// @param limit     the most tokens of an answer, where they say so; else 0
public record ChatModel(
        LanguageModel model,
        Tokenizer tokenizer,
        ChatTemplate template,
        Set<Integer> ends,
        Optional<Sampling> sampling,
        int limit) {

    /// Opens a model, perhaps with an adapter. The chat template is the adapter's, if there is one in its folder,
    /// else the model's; a given one takes the place of both.
    ///
    /// @param path     a run's folder, a Hugging Face folder or a GGUF file
    /// @param adapter  a folder of peft's, or null
    /// @param template a Jinja text, or null
    /// @throws UsageException if there is no model or no chat template
    public static ChatModel open(Path path, Path adapter, String template) {
        SavedModel saved = SavedModel.open(path);
        Tokenizer tokenizer = saved.tokenizer();
        Set<Integer> ends = new TreeSet<>(saved.ends());
        if (adapter != null) {
            saved = Adapted.beside(saved, adapter);
            if (Files.isRegularFile(adapter.resolve("tokenizer_config.json"))) {
                tokenizer = Tokenizers.load(adapter);
            }
        }
        ends.addAll(tokenizer.roles().eos());
        GenerationConfig generation = saved.generation();
        return new ChatModel(
                saved.model().eval(),
                tokenizer,
                template(path, tokenizer, template),
                ends,
                generation.sampling(),
                generation.limit().orElse(0));
    }

    private static ChatTemplate template(Path path, Tokenizer tokenizer, String given) {
        if (given != null) {
            return ChatTemplate.of(given);
        }
        if (tokenizer.roles().chatTemplate().isEmpty()) {
            throw new UsageException(path + " has no chat template: it was not tuned for conversations; gradus finetune"
                    + " --data-format instructions does that, gradus sample lets it go on with a text, and"
                    + " --chat-template gives one");
        }
        return ChatTemplate.of(tokenizer.roles());
    }
}
