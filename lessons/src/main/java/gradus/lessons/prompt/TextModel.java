package gradus.lessons.prompt;

import gradus.tokenizer.chat.ChatMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A language model as prompts see it: a text goes in, a text comes out.
/// ```java
/// TextModel model = LocalModel.open(Path.of("my-run"));
/// String answer = model.complete("The capital of France is", CompletionOptions.defaults().withMaxTokens(5));
/// ```
/// Everything that prompts, retrieval included, is built upon this face alone: so the same code runs with a
/// model that is trained here ([LocalModel]), with one that answers by a script ([ScriptedModel]), and with any
/// other behind LangChain4j ([gradus.lessons.langchain.LangChainText]).
///
/// The same prompt with the same options gives the same text, as far as the model keeps to its seed.
@FunctionalInterface
public interface TextModel {
    /// What the model writes behind the prompt, without the stop string that ended it.
    ///
    /// @throws gradus.error.GradusException if the prompt is longer than the model can see, say
    String complete(String prompt, CompletionOptions options);

    /// The same with [CompletionOptions#defaults].
    default String complete(String prompt) {
        return complete(prompt, CompletionOptions.defaults());
    }

    /// What the model writes behind several prompts, in their order: one after the other, unless a model knows
    /// better. [PromptedTogether] makes use of it.
    ///
    /// @throws gradus.error.GradusException if one of them is refused
    default List<String> complete(List<CompletionRequest> requests) {
        return requests.stream()
                .map(each -> complete(each.prompt(), each.options()))
                .toList();
    }

    /// What the model answers in a conversation. Unless a model knows better, a single message of the user is
    /// the prompt as it is, and several are written one below the other, each behind its role.
    default String chat(List<ChatMessage> messages, CompletionOptions options) {
        return complete(Conversation.asText(messages), options);
    }

    /// The same in pieces, as they come; in one piece, unless a model knows better.
    ///
    /// @return the whole text
    default String chat(List<ChatMessage> messages, CompletionOptions options, Consumer<String> onText) {
        String text = chat(messages, options);
        if (!text.isEmpty()) {
            onText.accept(text);
        }
        return text;
    }

    /// Says how likely the model finds a given text; empty for a model that does not tell, as most behind a
    /// server.
    default Optional<Scorer> scorer() {
        return Optional.empty();
    }
}
