package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import gradus.tokenizer.chat.ChatMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Another model, with all that it is asked and answers kept; of a conversation, its text.
/// ```java
/// RecordedModel recorded = new RecordedModel(model);
/// Outcome first = program(recorded);
/// Outcome again = program(RecordedModel.replay(recorded.transcript())); // equal, without the model
/// ```
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

    @Override
    public Optional<Scorer> scorer() {
        return model.scorer();
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

    /// A model that answers what another one has answered: the same prompt with the same options gets the same
    /// text; where it was asked several times, the texts in their order. Anything else is refused.
    ///
    /// @throws gradus.error.ConfigException when asked for what the transcript does not hold (any more)
    public static TextModel replay(List<Exchange> transcript) {
        Map<List<Object>, Deque<String>> answers = new HashMap<>();
        for (Exchange each : transcript) {
            answers.computeIfAbsent(List.of(each.prompt(), each.options()), key -> new ArrayDeque<>())
                    .add(each.answer());
        }
        return (prompt, options) -> {
            synchronized (answers) {
                Deque<String> row = answers.getOrDefault(List.of(prompt, options), new ArrayDeque<>());
                require(!row.isEmpty(), "the transcript has no (further) answer to: %s", Printable.value(prompt));
                return row.removeFirst();
            }
        };
    }
}
