package gradus.lessons.langchain;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import gradus.error.ConfigException;
import gradus.tokenizer.chat.ChatMessage;

/// Messages of both libraries.
final class Messages {
    private Messages() {}

    static dev.langchain4j.data.message.ChatMessage theirs(ChatMessage message) {
        String content = String.valueOf(message.fields().getOrDefault("content", ""));
        return switch (message.role()) {
            case "system" -> SystemMessage.from(content);
            case "user" -> UserMessage.from(content);
            case ChatMessage.ASSISTANT -> AiMessage.from(content);
            default -> throw ConfigException.of("LangChain4j has no messages of the role %s", message.role());
        };
    }

    static ChatMessage ours(dev.langchain4j.data.message.ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> ChatMessage.system(system.text());
            case UserMessage user when user.hasSingleText() -> ChatMessage.user(user.singleText());
            case AiMessage answer
            when !answer.hasToolExecutionRequests() ->
                ChatMessage.assistant(answer.text() == null ? "" : answer.text());
            case ToolExecutionResultMessage tool -> throw noTools();
            case AiMessage calls -> throw noTools();
            default ->
                throw ConfigException.of(
                        "a model of Gradus reads texts; got a message of the type %s with other contents",
                        message.type());
        };
    }

    private static ConfigException noTools() {
        return new ConfigException("a model of Gradus calls no tools through LangChain4j");
    }
}
