package gradus.lessons.prompt;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatMessage;
import gradus.train.generate.Sampling;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.util.List;
import java.util.Optional;
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
        Writer writer = writer(options);
        StringBuilder text = new StringBuilder();
        try {
            writer.write(prompt, Rng.of(options.seed()).at("completion"), piece -> {
                text.append(piece);
                if (!piece.isEmpty()) {
                    onText.accept(piece);
                }
                return true;
            });
        } catch (UsageException wrong) {
            throw aboutThePrompt(wrong);
        }
        return text.toString();
    }

    private Writer writer(CompletionOptions options) {
        return new Writer(
                saved.model(),
                saved.text(),
                Sampling.defaults().withTemperature(options.temperature()),
                options.maxTokens(),
                false,
                options.stop(),
                saved.ends());
    }

    /// Says --prompt, as the command line has it.
    private static ConfigException aboutThePrompt(UsageException wrong) {
        return new ConfigException(wrong.getMessage().replaceFirst("^--prompt:? ?", "the prompt "), wrong);
    }

    @Override
    public Optional<Scorer> scorer() {
        return Optional.of(this::logProbabilities);
    }

    /// A space at the end of a prompt belongs to the token behind it, as where the model writes.
    private double[] logProbabilities(String prompt, String continuation) {
        int[] start;
        try {
            start = writer(CompletionOptions.defaults()).start(prompt);
        } catch (UsageException wrong) {
            throw aboutThePrompt(wrong);
        }
        boolean open = saved.text().leavesSpaceToNextToken(prompt) && !continuation.isEmpty();
        int[] tokens = TokenLogProbabilities.tokens(saved.tokenizer(), open ? " " + continuation : continuation);
        return TokenLogProbabilities.of(saved.model(), start, tokens);
    }
}
