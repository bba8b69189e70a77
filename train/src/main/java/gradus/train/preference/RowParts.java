package gradus.train.preference;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.instruct.Conversation;
import gradus.train.instruct.InstructionKeys;
import gradus.train.instruct.InstructionLayout.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What rows with prompts and answers have in common.
final class RowParts {
    /// Keys that say something about a row and change nothing.
    static final KnownKeys ABOUT = KnownKeys.of("a row")
            .harmless(
                    "tells where a row comes from",
                    "id",
                    "idx",
                    "uuid",
                    "prompt_id",
                    "source",
                    "dataset",
                    "url",
                    "license",
                    "metadata")
            .harmless("sorts rows, and all of them are learned", "category", "task", "kind", "language", "split")
            .refused("it changes how the template writes a conversation", "chat_template_kwargs");

    private RowParts() {}

    /// Whether a value is a text; a list of messages is none.
    ///
    /// @throws DataException if it is missing, or neither
    static boolean isText(Row row, String key, String missing) {
        if (!row.has(key)) {
            throw row.fault("\"%s\" is missing: %s".formatted(key, missing));
        }
        JsonNode value = row.json().get(key);
        if (!value.isString() && !value.isArray()) {
            throw row.fault(
                    "\"%s\" must be a text or a list of messages; got %s".formatted(key, Printable.value(value)));
        }
        return value.isString();
    }

    /// @throws DataException unless a value that is there is a text as another is, or a list as another is
    static void requireAlike(Row row, String key, String other, boolean text) {
        JsonNode value = row.json().get(key);
        if (row.has(key) && (text ? !value.isString() : !value.isArray())) {
            throw row.fault("\"%s\" must be %s, as \"%s\" is; got %s"
                    .formatted(key, text ? "a text" : "a list of messages", other, Printable.value(value)));
        }
        if (text && row.has("tools")) {
            throw row.fault("\"tools\" go with messages, and \"%s\" is a text".formatted(other));
        }
    }

    /// A text with something in it.
    static String answer(Row row, String key) {
        String text = row.required(key);
        if (text.isEmpty()) {
            throw row.fault("\"%s\" is empty".formatted(key));
        }
        return text;
    }

    /// At least one message.
    static List<ChatMessage> messages(Row row, String key) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode each : row.list(key)) {
            row.check(each, InstructionKeys.MESSAGE);
            try {
                messages.add(row.message(each));
            } catch (TokenizerException fault) { // what a message must have
                throw new DataException(row.place() + ": " + fault.getMessage(), fault);
            }
        }
        if (messages.isEmpty()) {
            throw row.fault("\"%s\" is empty".formatted(key));
        }
        return messages;
    }

    /// Messages that the assistant is to answer.
    static Prompt.Chat asked(Row row, List<ChatMessage> prompt) {
        if (prompt.isEmpty() || prompt.getLast().isAssistant()) {
            throw row.fault("the prompt must end with what the assistant answers; it "
                    + (prompt.isEmpty() ? "is empty" : "ends with the assistant"));
        }
        return new Prompt.Chat(row.place(), prompt, row.tools());
    }

    /// Refuses messages that make no conversation with their prompt.
    static void requireAnswers(Prompt.Chat prompt, List<ChatMessage> answer) {
        new Conversation(
                prompt.place(),
                Stream.concat(prompt.messages().stream(), answer.stream()).toList(),
                prompt.tools());
    }
}
