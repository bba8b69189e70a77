package gradus.lessons.langchain;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import gradus.error.ConfigException;
import gradus.lessons.prompt.CompletionOptions;
import java.util.List;

/// What a request of theirs asks of ours.
final class Requests {
    private Requests() {}

    /// What the request leaves open is as in the usual options.
    ///
    /// @throws ConfigException if it asks for what our models do not do
    static CompletionOptions options(ChatRequest request, CompletionOptions usual) {
        boolean tools = request.toolSpecifications() != null
                && !request.toolSpecifications().isEmpty();
        ResponseFormat format = request.responseFormat();
        if (tools || format != null && format.type() == ResponseFormatType.JSON) {
            throw new ConfigException(
                    "a model of Gradus takes no tools and no JSON format through LangChain4j; leave them out");
        }
        List<String> stops = request.stopSequences();
        return new CompletionOptions(
                request.maxOutputTokens() == null ? usual.maxTokens() : request.maxOutputTokens(),
                request.temperature() == null ? usual.temperature() : request.temperature(),
                stops == null || stops.isEmpty() ? usual.stop() : stops,
                usual.seed());
    }
}
