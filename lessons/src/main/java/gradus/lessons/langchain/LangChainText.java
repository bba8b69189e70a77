package gradus.lessons.langchain;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaChatRequestParameters;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import gradus.tokenizer.chat.ChatMessage;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// Any chat model of LangChain4j in place of ours.
/// ```java
/// TextModel model = LangChainText.ollama("http://localhost:11434", "qwen3:0.6b");
/// ```
/// The seed is handed on where the model's parameters know one, as Ollama's do; others draw as they like.
public final class LangChainText implements TextModel {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ChatModel model;
    private final Function<CompletionOptions, ChatRequestParameters> parameters;

    /// A model, with what LangChain4j's models have in common.
    public LangChainText(ChatModel model) {
        this(model, LangChainText::common);
    }

    /// @param parameters how options are handed on
    public LangChainText(ChatModel model, Function<CompletionOptions, ChatRequestParameters> parameters) {
        this.model = model;
        this.parameters = parameters;
    }

    /// A model that Ollama serves.
    ///
    /// @param url of the server
    /// @param name as `ollama list` has it
    public static LangChainText ollama(String url, String name) {
        ChatModel model = OllamaChatModel.builder()
                .baseUrl(url)
                .modelName(name)
                .timeout(PATIENCE)
                .maxRetries(0)
                .build();
        return new LangChainText(
                model,
                options -> OllamaChatRequestParameters.builder()
                        .seed(Math.floorMod(options.seed(), Integer.MAX_VALUE))
                        .temperature(options.temperature())
                        .maxOutputTokens(options.maxTokens())
                        .stopSequences(options.stop())
                        .build());
    }

    private static ChatRequestParameters common(CompletionOptions options) {
        return ChatRequestParameters.builder()
                .temperature(options.temperature())
                .maxOutputTokens(options.maxTokens())
                .stopSequences(options.stop())
                .build();
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return ask(List.of(UserMessage.from(prompt)), options);
    }

    @Override
    public String chat(List<ChatMessage> messages, CompletionOptions options) {
        return ask(messages.stream().map(Messages::theirs).toList(), options);
    }

    private String ask(List<dev.langchain4j.data.message.ChatMessage> messages, CompletionOptions options) {
        ChatRequest request = ChatRequest.builder()
                .messages(messages)
                .parameters(parameters.apply(options))
                .build();
        try {
            AiMessage answer = model.chat(request).aiMessage();
            return answer.text() == null ? "" : answer.text();
        } catch (RuntimeException failed) { // of a server that is not there, say
            Throwable reason = failed;
            boolean absent = false;
            while (reason.getCause() != null) {
                reason = reason.getCause();
                absent |= reason instanceof ConnectException;
            }
            String own = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
            String why = absent ? "there is no server at its address" : own;
            throw new ResourceException("the model does not answer: " + Printable.value(why), failed);
        }
    }
}
