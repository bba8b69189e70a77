package gradus.train.preference;

import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Turns pairs of answers into ids with marks. An answer's marks include the token that closes it: a policy
/// that is not graded by it does not learn where to stop.
///
/// Departures from TRL: of an answer of several messages only the assistant's count; and the text of a prompt
/// is encoded alone, so that both answers have the same ids before them.
public final class PreferenceEncoder {
    private final Tokenizer tokenizer;
    private final ChatTokens.Encoder chats;

    /// @param chats for pairs of messages, or null where all are texts
    public PreferenceEncoder(Tokenizer tokenizer, ChatTokens.Encoder chats) {
        this.tokenizer = tokenizer;
        this.chats = chats;
    }

    /// @throws DataException naming file and line of a pair that cannot be encoded
    public PreferencePairs encode(List<Preference> preferences) {
        PreferencePairs pairs = new PreferencePairs();
        for (Preference each : preferences) {
            try {
                switch (each) {
                    case Preference.Text text -> add(pairs, text);
                    case Preference.Chat chat -> add(pairs, chat);
                }
            } catch (TokenizerException fault) {
                throw new DataException(each.place() + ": " + fault.getMessage(), fault);
            }
        }
        return pairs;
    }

    private void add(PreferencePairs pairs, Preference.Text text) {
        int[] prompt = tokenizer.encode(text.prompt());
        var bos = tokenizer.roles().bos();
        if (bos.isPresent() && tokenizer.roles().addBos().orElse(false)) {
            prompt = prompt.length > 0 && prompt[0] == bos.getAsInt() ? prompt : joined(bos.getAsInt(), prompt);
        }
        if (prompt.length == 0) {
            throw new DataException(text.place() + ": the prompt is empty: nothing stands before the answers");
        }
        int before = prompt.length;
        int[] chosen = closed(prompt, text.chosen());
        int[] rejected = closed(prompt, text.rejected());
        pairs.add(chosen, after(before, chosen), rejected, after(before, rejected), text.margin());
    }

    private static int[] joined(int first, int[] others) {
        int[] all = new int[others.length + 1];
        all[0] = first;
        System.arraycopy(others, 0, all, 1, others.length);
        return all;
    }

    private int[] closed(int[] prompt, String answer) {
        int[] ids = tokenizer.encode(answer);
        List<Integer> eos = tokenizer.roles().eos();
        int[] all = Arrays.copyOf(prompt, prompt.length + ids.length + (eos.isEmpty() ? 0 : 1));
        System.arraycopy(ids, 0, all, prompt.length, ids.length);
        if (!eos.isEmpty()) {
            all[all.length - 1] = eos.getFirst();
        }
        return all;
    }

    private static boolean[] after(int before, int[] ids) {
        boolean[] marks = new boolean[ids.length];
        Arrays.fill(marks, before, ids.length, true);
        return marks;
    }

    private void add(PreferencePairs pairs, Preference.Chat chat) {
        if (chats == null) {
            throw new DataException(chat.place() + ": is a pair of messages, and there is no chat template");
        }
        ChatTokens chosen = tokens(chat, chat.chosen());
        ChatTokens rejected = tokens(chat, chat.rejected());
        pairs.add(chosen.ids(), chosen.learned(), rejected.ids(), rejected.learned(), chat.margin());
    }

    /// The conversation with an answer; the assistant's turns in the prompt are not marked.
    private ChatTokens tokens(Preference.Chat chat, List<ChatMessage> answer) {
        ChatTokens all = chats.encode(
                Stream.concat(chat.prompt().stream(), answer.stream()).toList(), chat.tools());
        int[] prompt = chats.prompt(chat.prompt(), chat.tools());
        int same = Arrays.mismatch(prompt, all.ids());
        boolean[] marks = all.learned().clone();
        Arrays.fill(marks, 0, same < 0 ? prompt.length : same, false);
        boolean any = false;
        for (boolean mark : marks) {
            any |= mark;
        }
        if (!any) {
            throw new DataException(chat.place() + ": the chat template marks no token of an answer");
        }
        return new ChatTokens(all.text(), all.ids(), marks);
    }
}
