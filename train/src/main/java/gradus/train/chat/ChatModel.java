package gradus.train.chat;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.LanguageModel;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.finetune.Adapted;
import gradus.train.generate.Sampling;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.run.SavedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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

    /// Opens a model, perhaps with an adapter. The chat template is the adapter's, if there is one in its
    /// folder, else the model's; a given one takes the place of both.
    ///
    /// @param path     a run's folder, a Hugging Face folder or a GGUF file
    /// @param adapter  a folder of peft's, or null
    /// @param template a Jinja text, or null
    /// @throws UsageException if there is no model or no chat template
    public static ChatModel open(Path path, Path adapter, String template) {
        SavedModel saved = SavedModel.open(path);
        saved = adapter == null ? saved : Adapted.beside(saved, adapter);
        return of(saved, template(path, saved.tokenizer(), template));
    }

    /// A model that is open already, with a chat template.
    public static ChatModel of(SavedModel saved, ChatTemplate template) {
        Tokenizer tokenizer = saved.tokenizer();
        Set<Integer> ends = new TreeSet<>(saved.ends());
        ends.addAll(tokenizer.roles().eos());
        closing(template, tokenizer).ifPresent(ends::add);
        GenerationConfig generation = saved.generation();
        return new ChatModel(
                saved.model().eval(),
                tokenizer,
                template,
                ends,
                generation.sampling(),
                generation.limit().orElse(0));
    }

    /// The special token that closes the assistant's turn as a template writes it, if it is one: files of bases
    /// that were tuned for chat often name another end of a text.
    static OptionalInt closing(ChatTemplate template, Tokenizer tokenizer) {
        try {
            int[] turn = ChatTokens.of(template, tokenizer)
                    .encode(List.of(ChatMessage.user("a"), ChatMessage.assistant("b")))
                    .learnedIds();
            for (int i = turn.length - 1; i >= 0; i--) {
                if (tokenizer.specialTokens().contains(tokenizer.idToToken(turn[i]))) {
                    return OptionalInt.of(turn[i]);
                }
                if (!tokenizer.decode(turn[i]).isBlank()) {
                    break; // the message itself
                }
            }
            return OptionalInt.empty();
        } catch (TokenizerException unusual) { // a template that takes no such conversation
            return OptionalInt.empty();
        }
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
