package gradus.lessons.prompt;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.chat.ChatModel;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.generate.StopStrings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A model that answers in conversations: a prompt is what the user says.
final class ChatCompletion implements TextModel {
    private final ChatModel chat;
    private final ChatTokens.Encoder encoder;
    private final Set<String> control;

    ChatCompletion(ChatModel chat) {
        this.chat = chat;
        this.encoder = ChatTokens.of(chat.template(), chat.tokenizer());
        this.control = chat.tokenizer().specialTokens();
    }

    @Override
    public String complete(String prompt, CompletionOptions options) {
        return chat(List.of(ChatMessage.user(prompt)), options);
    }

    @Override
    public String chat(List<ChatMessage> messages, CompletionOptions options) {
        return chat(messages, options, piece -> {});
    }

    @Override
    public synchronized String chat(List<ChatMessage> messages, CompletionOptions options, Consumer<String> onText) {
        int[] prompt = encoder.prompt(messages, null);
        int context = chat.model().context();
        require(
                prompt.length <= context,
                "the prompt has %d tokens with what the chat template adds; the model sees at most %d; shorten it",
                prompt.length,
                context);
        Said said = new Said(prompt, options.stop(), onText);
        Sampling sampling = chat.sampling().orElse(Sampling.defaults()).withTemperature(options.temperature());
        int known = Math.min(chat.model().vocabSize(), chat.tokenizer().vocabularySize());
        new Generator(chat.model(), sampling)
                .drawing(id -> id < known && chat.tokenizer().hasToken(id))
                .generate(
                        prompt,
                        Math.min(options.maxTokens(), context - prompt.length + 1), // the last one needs no place
                        Rng.of(options.seed()).at("completion"),
                        said::add);
        return said.whole();
    }

    @Override
    public Optional<Scorer> scorer() {
        return Optional.of(new Scorer() {
            @Override
            public double[] logProbabilities(String prompt, String continuation) {
                return TokenLogProbabilities.of(
                        chat.model(),
                        encoder.prompt(List.of(ChatMessage.user(prompt)), null),
                        TokenLogProbabilities.tokens(chat.tokenizer(), continuation));
            }

            @Override
            public String gap() {
                return "";
            }
        });
    }

    /// An answer as it grows, without control tokens.
    private final class Said {
        private final StreamingDecoder decoder;
        private final StopStrings stops;
        private final Consumer<String> onText;
        private final StringBuilder text = new StringBuilder();

        Said(int[] prompt, List<String> stop, Consumer<String> onText) {
            Tokenizer tokenizer = chat.tokenizer();
            this.decoder = tokenizer.decoder();
            this.stops = new StopStrings(stop);
            this.onText = onText;
            Arrays.stream(prompt).forEach(decoder::accept); // what the first new token follows
        }

        /// Whether to go on.
        boolean add(int token) {
            if (chat.ends().contains(token)) {
                return false;
            }
            if (!control.contains(chat.tokenizer().idToToken(token))) {
                show(stops.accept(decoder.accept(token)));
            }
            return !stops.stopped();
        }

        String whole() {
            show(stops.accept(decoder.finish()) + stops.finish());
            return text.toString();
        }

        private void show(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                onText.accept(piece);
            }
        }
    }
}
