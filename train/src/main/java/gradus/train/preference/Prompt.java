package gradus.train.preference;

import gradus.tokenizer.chat.ChatMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What an answer answers.
public sealed interface Prompt {

    /// Where it stands, `file:line`, for messages.
    String place();

    /// What it says: equal for prompts that say the same, wherever they stand.
    Object words();

    /// As plain text.
    record Text(String place, String text) implements Prompt {
        @Override
        public Object words() {
            return text;
        }
    }

    /// As messages, the last of which is not the assistant's.
    ///
    /// @param tools JSON schemas of the tools that the assistant may call, or null
    record Chat(String place, List<ChatMessage> messages, List<Map<String, Object>> tools) implements Prompt {
        @Override
        public Object words() {
            return Arrays.asList(messages, tools);
        }
    }
}
