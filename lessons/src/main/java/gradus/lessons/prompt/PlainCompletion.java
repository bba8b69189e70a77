package gradus.lessons.prompt;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatMessage;
import gradus.train.generate.Sampling;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.util.List;
import java.util.function.Consumer;

/// A model that goes on with the text of the prompt.
final class PlainCompletion implements TextModel {
    private final SavedModel saved;

    PlainCompletion(SavedModel saved) {
        this.saved = saved;
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return write(prompt, options, piece -> {});
    }

    @Override
    public String chat(List<ChatMessage> messages, CompletionOptions options, Consumer<String> onText) {
        return write(Conversation.asText(messages), options, onText);
    }

    private synchronized String write(String prompt, CompletionOptions options, Consumer<String> onText) {
        Writer writer = new Writer(
                saved.model(),
                saved.text(),
                Sampling.defaults().withTemperature(options.temperature()),
                options.maxTokens(),
                false,
                options.stop(),
                saved.ends());
        StringBuilder text = new StringBuilder();
        try {
            writer.write(prompt, Rng.of(options.seed()).at("completion"), piece -> {
                text.append(piece);
                if (!piece.isEmpty()) {
                    onText.accept(piece);
                }
                return true;
            });
        } catch (UsageException wrong) { // says --prompt, as the command line has it
            throw new ConfigException(wrong.getMessage().replaceFirst("^--prompt:? ?", "the prompt "), wrong);
        }
        return text.toString();
    }
}
