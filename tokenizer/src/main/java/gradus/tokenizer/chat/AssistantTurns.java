package gradus.tokenizer.chat;

import gradus.error.Printable;
import gradus.error.TokenizerException;
import gradus.tokenizer.chat.ChatTokens.Turns;
import gradus.tokenizer.chat.RenderedChat.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Finds the assistant's turns in a rendered conversation by rendering its beginnings: turn `i` is what
/// `render(messages[..i])` has beyond `render(messages[..i-1], generation prompt)`. It is checked that each
/// of these texts really begins the next one; a template for which that is not so is refused rather than
/// guessed at.
final class AssistantTurns {
    /// A beginning of the conversation.
    ///
    /// @param prompt whether the generation prompt follows
    record Prefix(List<ChatMessage> messages, boolean prompt) {}

    private static final String LAST_ONLY = "learn each conversation's last turn only (Turns.LAST)";

    private final Function<Prefix, String> render;

    AssistantTurns(Function<Prefix, String> render) {
        this.render = render;
    }

    /// @param whole the text of the whole conversation, without generation prompt
    List<Span> spans(List<ChatMessage> messages, String whole, Turns turns) {
        var spans = new ArrayList<Span>();
        int last = lastTurn(messages);
        for (int i = turns == Turns.LAST ? last : 0; i <= last; i++) {
            if (messages.get(i).isAssistant()) {
                String until = rendered(messages, i, i + 1, false);
                checkBegins(
                        until,
                        whole,
                        i,
                        "the text up to message %d is not how the whole conversation begins",
                        LAST_ONLY);
                String before = rendered(messages, i, i, true);
                checkBegins(
                        before,
                        until,
                        i,
                        "the prompt for message %d is not how the text with it begins",
                        "use a template with generation blocks");
                if (before.length() == until.length()) {
                    throw new TokenizerException(
                            "message %s: the chat template leaves the assistant's turn out".formatted(i + 1));
                }
                spans.add(new Span(before.length(), until.length()));
            }
        }
        return spans;
    }

    private static int lastTurn(List<ChatMessage> messages) {
        int last = messages.size() - 1;
        while (!messages.get(last).isAssistant()) {
            last--;
        }
        return last;
    }

    private String rendered(List<ChatMessage> messages, int turn, int count, boolean prompt) {
        try {
            return render.apply(new Prefix(messages.subList(0, count), prompt));
        } catch (TokenizerException e) {
            throw new TokenizerException(
                    ("message %s: the assistant's turn cannot be found, for the template does not render the first %s"
                                    + " messages alone: %s")
                            .formatted(turn + 1, count, e.getMessage()),
                    e);
        }
    }

    private static void checkBegins(String beginning, String text, int turn, String message, String remedy) {
        if (text.startsWith(beginning)) {
            return;
        }
        int same = 0;
        while (same < Math.min(beginning.length(), text.length()) && beginning.charAt(same) == text.charAt(same)) {
            same++;
        }
        throw new TokenizerException(
                ("the chat template does not let the assistant's turns be found: %s, they part after %s characters"
                                + " ('%s' and '%s'); %s")
                        .formatted(
                                String.format(Locale.ROOT, message, turn + 1),
                                same,
                                shown(beginning, same),
                                shown(text, same),
                                remedy));
    }

    private static String shown(String text, int from) {
        return Printable.value(GuardedText.unmarked(text.substring(from, Math.min(text.length(), from + 20))));
    }
}
