package gradus.lessons.langchain;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;
import java.util.function.UnaryOperator;

/// A model of ours behind LangChain4j's `ChatModel`.
/// ```java
/// ChatModel model = new GradusChatModel(LocalModel.open(Path.of("my-run")));
/// ```
/// It reads texts: requests with tools, pictures or a JSON format are refused with a
/// [gradus.error.ConfigException].
///
/// @param usual  for what a request leaves open
/// @param prompt what becomes of a conversation's single message before the model sees it; a reader, say, has a
///     form of its own
public record GradusChatModel(TextModel model, CompletionOptions usual, UnaryOperator<String> prompt)
        implements ChatModel {
    /// With [CompletionOptions#defaults], and messages as they are.
    public GradusChatModel(TextModel model) {
        this(model, CompletionOptions.defaults(), UnaryOperator.identity());
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return ChatRequestParameters.builder().build();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        CompletionOptions options = Requests.options(request, usual);
        var messages = request.messages().stream().map(Messages::ours).toList();
        boolean single = messages.size() == 1 && messages.getFirst().role().equals("user");
        String answer = single
                ? model.complete(
                        prompt.apply(String.valueOf(messages.getFirst().fields().get("content"))), options)
                : model.chat(messages, options);
        return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
    }
}
