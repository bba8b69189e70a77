package gradus.lessons.langchain;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.TextModel;

/// A model of ours behind LangChain4j's `StreamingChatModel`: pieces come as the model writes them, in the
/// thread that asks. As [GradusChatModel] otherwise.
///
/// @param usual for what a request leaves open
public record GradusStreamingChatModel(TextModel model, CompletionOptions usual) implements StreamingChatModel {
    /// With [CompletionOptions#defaults].
    public GradusStreamingChatModel(TextModel model) {
        this(model, CompletionOptions.defaults());
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return ChatRequestParameters.builder().build();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        String answer;
        try {
            answer = model.chat(
                    request.messages().stream().map(Messages::ours).toList(),
                    Requests.options(request, usual),
                    handler::onPartialResponse);
        } catch (RuntimeException failed) { // as LangChain4j has it: not thrown, but told
            handler.onError(failed);
            return;
        }
        handler.onCompleteResponse(
                ChatResponse.builder().aiMessage(AiMessage.from(answer)).build());
    }
}
