package gradus.lessons.prompt;

import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.train.chat.ChatModel;
import gradus.train.run.SavedModel;
import java.nio.file.Path;

/// Models of this library as [TextModel]s.
public final class LocalModel {
    private LocalModel() {}

    /// Opens a model. One that has a chat template is asked as the user of a conversation, another one goes on
    /// with the text of the prompt.
    ///
    /// @param path a run's folder, a Hugging Face folder or a GGUF file
    /// @throws gradus.error.GradusException if there is no model, or its parts do not fit each other
    public static TextModel open(Path path) {
        SavedModel saved = SavedModel.open(path);
        Tokenizer tokenizer = saved.tokenizer();
        return tokenizer.roles().chatTemplate().isPresent()
                ? new ChatCompletion(ChatModel.of(saved, ChatTemplate.of(tokenizer.roles())))
                : new PlainCompletion(saved);
    }

    /// A model that goes on with texts.
    public static TextModel plain(SavedModel saved) {
        return new PlainCompletion(saved);
    }

    /// A model that answers in conversations.
    public static TextModel chat(ChatModel chat) {
        return new ChatCompletion(chat);
    }
}
