package gradus.lessons.prompt;

import gradus.tokenizer.chat.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Conversations for models that have no template for them.
final class Conversation {
    private Conversation() {}

    /// A single message of the user as it is; otherwise `System: …`, `User: …`, `Assistant: …`, with an empty
    /// turn of the assistant at the end.
    static String asText(List<ChatMessage> messages) {
        if (messages.size() == 1 && messages.getFirst().role().equals("user")) {
            return content(messages.getFirst());
        }
        return messages.stream()
                        .map(each -> name(each.role()) + ": " + content(each) + "\n\n")
                        .collect(Collectors.joining())
                + "Assistant:";
    }

    private static String content(ChatMessage message) {
        return String.valueOf(message.fields().getOrDefault("content", ""));
    }

    private static String name(String role) {
        return role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1);
    }
}
