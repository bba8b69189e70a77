package gradus.train.instruct;

import gradus.error.DataException;
import gradus.error.Printable;
import gradus.tokenizer.chat.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A conversation to learn from: perhaps a system message, then the user and the assistant in turn. The
/// assistant has the last word, for a question without an answer teaches nothing. Answers of tools stand
/// between the assistant's call and what it makes of them.
///
/// @param place    where it stands, `file:line`, for messages
/// @param messages in their order
/// @param tools    JSON schemas of the tools that the assistant may call, or null
public record Conversation(String place, List<ChatMessage> messages, List<Map<String, Object>> tools) {
    private static final String SYSTEM = "system";
    private static final String USER = "user";
    private static final String TOOL = "tool";
    private static final Set<String> ROLES = Set.of(SYSTEM, USER, ChatMessage.ASSISTANT, TOOL);

    /// @throws DataException unless turns follow each other in this way, and none of the assistant's is empty
    public Conversation {
        messages = List.copyOf(messages);
        check(place, messages);
    }

    private static void check(String place, List<ChatMessage> messages) {
        String before = SYSTEM; // what a first message may follow
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            String role = message.role();
            if (!ROLES.contains(role)) {
                throw fault(
                        place,
                        i,
                        "the role %s is not known; system, user, assistant and tool are",
                        Printable.value(role));
            }
            boolean called = i > 0 && messages.get(i - 1).fields().containsKey("tool_calls");
            boolean fits = switch (role) {
                case SYSTEM -> i == 0;
                case USER -> before.equals(SYSTEM) || before.equals(ChatMessage.ASSISTANT) && !called;
                case TOOL -> before.equals(TOOL) || called;
                default -> before.equals(USER) || before.equals(TOOL);
            };
            if (!fits) {
                throw fault(
                        place,
                        i,
                        i == 0 ? "a conversation cannot begin with the %s" : "the %s cannot follow the " + before,
                        role);
            }
            if (message.isAssistant() && message.isEmpty()) {
                throw fault(place, i, "the assistant's turn is empty%s", "");
            }
            before = role;
        }
        if (messages.isEmpty()) {
            throw new DataException(place + ": the conversation is empty");
        }
        if (!before.equals(ChatMessage.ASSISTANT)) {
            throw fault(place, messages.size() - 1, "the conversation ends with the %s, and nothing answers", before);
        }
    }

    private static DataException fault(String place, int message, String what, String value) {
        return new DataException(
                "%s: message %s: %s".formatted(place, message + 1, String.format(Locale.ROOT, what, value)));
    }
}
