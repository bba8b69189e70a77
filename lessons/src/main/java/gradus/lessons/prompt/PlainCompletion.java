package gradus.lessons.prompt;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.chat.ChatMessage;
import gradus.train.generate.Sampling;
import gradus.train.run.SavedModel;
import gradus.train.run.text.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// A model that goes on with the text of the prompt.
final class PlainCompletion implements TextModel {
    /// Texts of one pass.
    private static final int TOGETHER = 512;

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
            writer.write(prompt, random(options), piece -> {
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

    /// All that differ in nothing but prompt and seed are written at once: the weights are read once for a
    /// token of all.
    @Override
    public synchronized List<String> complete(List<CompletionRequest> requests) {
        SequencedMap<CompletionOptions, List<Integer>> alike = new LinkedHashMap<>();
        for (int i = 0; i < requests.size(); i++) {
            alike.computeIfAbsent(requests.get(i).options().withSeed(0), options -> new ArrayList<>())
                    .add(i);
        }
        String[] texts = new String[requests.size()];
        alike.forEach((options, places) -> {
            for (int from = 0; from < places.size(); from += TOGETHER) {
                List<Integer> some = places.subList(from, Math.min(places.size(), from + TOGETHER));
                List<String> written = together(some.stream().map(requests::get).toList(), options);
                for (int i = 0; i < some.size(); i++) {
                    texts[some.get(i)] = written.get(i);
                }
            }
        });
        return List.of(texts);
    }

    private List<String> together(List<CompletionRequest> requests, CompletionOptions options) {
        try {
            return writer(options)
                    .write(
                            requests.stream().map(CompletionRequest::prompt).toList(),
                            requests.stream()
                                    .map(each -> random(each.options()))
                                    .toList());
        } catch (UsageException wrong) {
            throw aboutThePrompt(wrong);
        }
    }

    private static Rng random(CompletionOptions options) {
        return Rng.of(options.seed()).at("completion");
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
        return new ConfigException(wrong.getMessage().replaceFirst("^--prompt(?=:? )", "the prompt"), wrong);
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
