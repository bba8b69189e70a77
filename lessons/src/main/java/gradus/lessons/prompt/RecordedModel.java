package gradus.lessons.prompt;

import gradus.tokenizer.chat.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Another model, with all that it is asked and answers kept; of a conversation, its text.
///
/// **Threads.** As many as the other model allows.
public final class RecordedModel implements TextModel {
    private final TextModel model;
    private final List<Exchange> transcript = new ArrayList<>();

    public RecordedModel(TextModel model) {
        this.model = model;
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return recorded(prompt, options, model.complete(prompt, options));
    }

    @Override
    public String chat(List<ChatMessage> messages, CompletionOptions options) {
        return recorded(Conversation.asText(messages), options, model.chat(messages, options));
    }

    @Override
    public String chat(List<ChatMessage> messages, CompletionOptions options, Consumer<String> onText) {
        return recorded(Conversation.asText(messages), options, model.chat(messages, options, onText));
    }

    private String recorded(String prompt, CompletionOptions options, String answer) {
        synchronized (transcript) {
            transcript.add(new Exchange(prompt, options, answer));
        }
        return answer;
    }

    /// What was asked and answered so far.
    public List<Exchange> transcript() {
        synchronized (transcript) {
            return List.copyOf(transcript);
        }
    }
}
