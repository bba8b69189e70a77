package gradus.train.chat;

import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.tensor.random.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.generate.ContinuedGenerator;
import gradus.train.generate.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// A conversation with a model. Keys and values of earlier turns stay in the cache, so that a turn costs the
/// work of its own tokens.
///
/// Once the conversation and an answer of a quarter of the context would be longer than the context, the
/// oldest exchanges (a message of the user and the answer) are left out, until they fit; the system message
/// stays.
///
/// **Threads.** One thread asks; any other may call [#stop].
public final class ChatSession implements AutoCloseable {
    private final ChatModel chat;
    private final ChatTokens.Encoder encoder;
    private final ContinuedGenerator generator;
    private final Set<String> control;
    private final List<ChatMessage> messages = new ArrayList<>();
    private final Sampling sampling;
    private final Rng rng;
    private final int limit;
    private String system;
    private int answers;
    private int forgotten; // messages at the beginning that no longer fit
    private volatile boolean stopped;

    /// How an answer ended.
    public enum End {
        /// With the token that closes a turn.
        CLOSED,
        /// Somebody stopped it.
        STOPPED,
        /// It reached the most tokens that an answer may have.
        LIMIT,
        /// The context is full.
        CONTEXT
    }

    /// @param text      what the model said
    /// @param forgotten how many exchanges were left out for the first time, so that it fits
    public record Answer(String text, End end, int forgotten) {}

    /// @param sampling how tokens are drawn
    /// @param limit    the most tokens of an answer; 0 for what the context has room for
    /// @param rng      random numbers: each answer uses its own
    public ChatSession(ChatModel chat, Sampling sampling, int limit, Rng rng) {
        this.chat = chat;
        this.encoder = ChatTokens.of(chat.template(), chat.tokenizer());
        this.sampling = sampling;
        this.limit = limit;
        this.rng = rng;
        this.control = chat.tokenizer().specialTokens();
        int known = Math.min(chat.model().vocabSize(), chat.tokenizer().vocabularySize());
        this.generator = new ContinuedGenerator(
                chat.model(), id -> id < known && chat.tokenizer().hasToken(id));
    }

    /// The system message from the next answer on, in place of an earlier one; null for none.
    public void system(String text) {
        system = text;
    }

    /// Begins a new conversation; the system message stays.
    public void reset() {
        messages.clear();
        forgotten = 0;
    }

    /// What was said so far, without the system message.
    public List<ChatMessage> messages() {
        return List.copyOf(messages);
    }

    /// How many tokens the last answer made the model read.
    public int read() {
        return generator.read();
    }

    /// Ends the answer that is being given. May be called by any thread.
    public void stop() {
        stopped = true;
    }

    /// Asks and hears the answer piece by piece.
    ///
    /// @param onText hears each piece and says whether to go on
    /// @throws UsageException if this message alone is too long, or the template cannot write it; then nothing
    ///     was said
    public Answer ask(String text, Predicate<String> onText) {
        messages.add(ChatMessage.user(text));
        try {
            return answer(onText);
        } catch (RuntimeException refused) {
            messages.removeLast();
            throw refused;
        }
    }

    /// Answers the last message of the user once more, with other random numbers.
    ///
    /// @throws UsageException if nothing was asked yet
    public Answer regenerate(Predicate<String> onText) {
        if (messages.isEmpty()) {
            throw new UsageException("nothing was asked yet");
        }
        ChatMessage before = messages.removeLast();
        try {
            return answer(onText);
        } catch (RuntimeException refused) {
            messages.add(before);
            throw refused;
        }
    }

    private Answer answer(Predicate<String> onText) {
        stopped = false;
        int before = forgotten;
        int[] prompt = fitting();
        int room = chat.model().context() - prompt.length;
        int most = limit == 0 ? room + 1 : Math.min(limit, room + 1); // the last token needs no place
        Shown shown = new Shown(prompt, onText);
        boolean[] closed = {false};
        int[] added = generator.generate(prompt, sampling, most, rng.at("chat").at(answers++), token -> {
            closed[0] = chat.ends().contains(token);
            return !closed[0] && shown.add(token) && !stopped;
        });
        shown.finish();
        messages.add(ChatMessage.assistant(shown.text.toString()));
        End end = closed[0]
                ? End.CLOSED
                : stopped || !shown.wanted ? End.STOPPED : added.length == limit ? End.LIMIT : End.CONTEXT;
        return new Answer(shown.text.toString(), end, (forgotten - before) / 2);
    }

    /// The ids of as much of the conversation as leaves room for an answer.
    private int[] fitting() {
        int context = chat.model().context();
        int wanted = Math.max(1, limit > 0 ? Math.min(limit, context / 4) : context / 4);
        int[] prompt = prompt();
        while (prompt.length + wanted > context && forgotten + 2 < messages.size()) {
            forgotten += 2; // an exchange
            prompt = prompt();
        }
        if (prompt.length > context) {
            throw new UsageException(
                    "the message has %s tokens with what the chat template adds; the model sees at most %s"
                            .formatted(prompt.length, context));
        }
        return prompt;
    }

    private int[] prompt() {
        List<ChatMessage> said = new ArrayList<>();
        if (system != null) {
            said.add(ChatMessage.system(system));
        }
        said.addAll(messages.subList(forgotten, messages.size()));
        try {
            return encoder.prompt(said, null);
        } catch (TokenizerException fault) {
            throw new UsageException(fault.getMessage(), fault);
        }
    }

    /// What the user sees of an answer: text without control tokens.
    private final class Shown {
        private final StreamingDecoder decoder = chat.tokenizer().decoder();
        private final StringBuilder text = new StringBuilder();
        private final Predicate<String> onText;
        private boolean wanted = true;

        Shown(int[] prompt, Predicate<String> onText) {
            this.onText = onText;
            Arrays.stream(prompt).forEach(decoder::accept); // what the first new token follows
        }

        boolean add(int token) {
            if (!control.contains(chat.tokenizer().idToToken(token))) {
                show(decoder.accept(token));
            }
            return wanted;
        }

        void finish() {
            show(decoder.finish());
        }

        private void show(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                wanted &= onText.test(piece);
            }
        }
    }

    @Override
    public void close() {
        generator.close();
    }
}
