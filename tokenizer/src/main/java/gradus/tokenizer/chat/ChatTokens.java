package gradus.tokenizer.chat;

import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.RenderedChat.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A conversation as ids, with the ids that a model learns from.
///
/// What is learned is what the assistant would say, its closing token included: a model that never sees its
/// closing token in the loss never learns to stop. Where the template has `generation` blocks, they say it.
/// Elsewhere it is found by rendering beginnings of the conversation: the assistant's turn is what the text
/// with the turn has beyond the text before it, which ends with the generation prompt.
///
/// ```java
/// ChatTokens tokens = ChatTokens.of(template, tokenizer).encode(messages);
/// ```
///
/// @param text    the conversation as the template renders it
/// @param ids     its ids, T of them
/// @param learned for each id whether it counts in the loss, T of them
public record ChatTokens(String text, int[] ids, boolean[] learned) {

    /// Which of the assistant's turns are learned.
    public enum Turns {
        ALL,

        /// The last one only: for templates that write an earlier turn otherwise than a last one, such as
        /// those that drop a model's reasoning from the history.
        LAST
    }

    /// Encodes conversations with one template and tokenizer.
    public static Encoder of(ChatTemplate template, Tokenizer tokenizer) {
        return new Encoder(template, tokenizer, SpecialsInContent.LITERAL, Turns.ALL, Map.of());
    }

    /// Encodes conversations.
    ///
    /// @param specials  what happens to the text of special tokens within messages
    /// @param turns     which turns are learned
    /// @param variables what the template may ask for besides; the tokenizer's `bos_token`, `eos_token` … are
    ///     given anyway
    public record Encoder(
            ChatTemplate template,
            Tokenizer tokenizer,
            SpecialsInContent specials,
            Turns turns,
            Map<String, Object> variables) {

        public Encoder withSpecials(SpecialsInContent value) {
            return new Encoder(template, tokenizer, value, turns, variables);
        }

        public Encoder withTurns(Turns value) {
            return new Encoder(template, tokenizer, specials, value, variables);
        }

        public Encoder withVariables(Map<String, Object> value) {
            return new Encoder(template, tokenizer, specials, turns, value);
        }

        /// The ids of a prompt: the conversation, and what begins the assistant's next turn.
        public int[] prompt(List<ChatMessage> messages, List<Map<String, Object>> tools) {
            var guard = new GuardedText(tokenizer);
            return guard.encode(
                    render(guard.guarded(messages, specials), tools, true).text());
        }

        public ChatTokens encode(List<ChatMessage> messages) {
            return encode(messages, null);
        }

        /// The conversation's ids and what is learned. Throws TokenizerException where there is no turn of the
        /// assistant, one is empty, or the template does not let them be found.
        ///
        /// @param tools JSON schemas of the tools, or null
        public ChatTokens encode(List<ChatMessage> messages, List<Map<String, Object>> tools) {
            checkTurns(messages);
            var guard = new GuardedText(tokenizer);
            List<ChatMessage> guarded = guard.guarded(messages, specials);
            RenderedChat whole = render(guarded, tools, false);
            List<Span> spans = whole.spansAreWhole() && !whole.assistant().isEmpty()
                    ? whole.assistant()
                    : new AssistantTurns(prefix -> render(prefix.messages(), tools, prefix.prompt())
                                    .text())
                            .spans(guarded, whole.text(), turns);
            List<Span> chosen = turns == Turns.LAST ? List.of(spans.getLast()) : spans;
            int[] ids = guard.encode(whole.text());
            boolean[] learned = new boolean[ids.length];
            for (Span span : chosen) {
                int start = boundary(guard, whole.text(), span.start(), ids, false);
                int end = boundary(guard, whole.text(), span.end(), ids, true);
                Arrays.fill(learned, Math.min(start, end), end, true);
            }
            return new ChatTokens(GuardedText.unmarked(whole.text()), ids, learned);
        }

        private RenderedChat render(List<ChatMessage> messages, List<Map<String, Object>> tools, boolean prompt) {
            var all = new LinkedHashMap<String, Object>();
            tokenizer.roles().byName().forEach((role, id) -> all.put(role, tokenizer.idToToken(id)));
            all.putAll(variables);
            return template.render(messages, tools, prompt, all);
        }

        private static void checkTurns(List<ChatMessage> messages) {
            if (messages.stream().noneMatch(ChatMessage::isAssistant)) {
                throw new TokenizerException(
                        "the conversation has no turn of the assistant: there is nothing to learn");
            }
            for (int i = 0; i < messages.size(); i++) {
                if (messages.get(i).isAssistant() && messages.get(i).isEmpty()) {
                    throw new TokenizerException("message %s: the assistant's turn is empty".formatted(i + 1));
                }
            }
        }

        /// How many ids stand before a place in the text. An id that reaches across it counts with the assistant.
        private static int boundary(GuardedText guard, String text, int place, int[] ids, boolean end) {
            if (place == text.length()) {
                return ids.length;
            }
            int[] before = guard.encode(text.substring(0, place));
            int same = Arrays.mismatch(before, ids);
            boolean clean = same < 0 || same == before.length;
            return clean ? before.length : end ? Math.min(same + 1, ids.length) : same;
        }
    }

    /// The ids that are learned, for a look at them.
    public int[] learnedIds() {
        var chosen = new ArrayList<Integer>();
        for (int i = 0; i < ids.length; i++) {
            if (learned[i]) {
                chosen.add(ids[i]);
            }
        }
        return chosen.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChatTokens tokens
                && tokens.text.equals(text)
                && Arrays.equals(tokens.ids, ids)
                && Arrays.equals(tokens.learned, learned);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "ChatTokens[" + ids.length + " ids, " + learnedIds().length + " learned]";
    }
}
