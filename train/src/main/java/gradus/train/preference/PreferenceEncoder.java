package gradus.train.preference;

import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Turns answers with their prompts into ids with marks. An answer's marks include the token that closes it: a
/// policy that is not graded by it does not learn where to stop.
///
/// Departures from TRL: of an answer of several messages only the assistant's count; and the text of a prompt
/// is encoded alone, so that all its answers have the same ids before them.
public final class PreferenceEncoder {
    private final Tokenizer tokenizer;
    private final ChatTokens.Encoder chats;

    /// @param chats for pairs of messages, or null where all are texts
    public PreferenceEncoder(Tokenizer tokenizer, ChatTokens.Encoder chats) {
        this.tokenizer = tokenizer;
        this.chats = chats;
    }

    /// Pairs as ids.
    ///
    /// @throws DataException naming file and line of a pair that cannot be encoded
    public PreferencePairs encode(List<Preference> preferences) {
        PreferencePairs pairs = new PreferencePairs();
        for (Preference each : preferences) {
            Marked better = marked(each.better());
            Marked worse = marked(each.worse());
            pairs.add(better.ids, better.marks, worse.ids, worse.marks, each.margin());
        }
        return pairs;
    }

    /// Single answers as ids.
    ///
    /// @throws DataException naming file and line of an answer that cannot be encoded
    public LabelledAnswers encodeLabelled(List<LabelledAnswer> answers) {
        LabelledAnswers all = new LabelledAnswers();
        for (LabelledAnswer each : answers) {
            Marked marked = marked(each);
            all.add(marked.ids, marked.marks, each.desirable());
        }
        return all;
    }

    /// A prompt alone as ids, up to where an answer begins.
    ///
    /// @throws DataException naming file and line of a prompt that cannot be encoded
    public int[] prompt(Prompt prompt) {
        try {
            return switch (prompt) {
                case Prompt.Text text -> ids(text);
                case Prompt.Chat chat -> template(chat).prompt(chat.messages(), chat.tools());
            };
        } catch (TokenizerException fault) {
            throw new DataException(prompt.place() + ": " + fault.getMessage(), fault);
        }
    }

    /// A prompt with an answer.
    ///
    /// @param marks for each id whether it is the answer's
    private record Marked(int[] ids, boolean[] marks) {}

    private Marked marked(LabelledAnswer answer) {
        try {
            return switch (answer) {
                case LabelledAnswer.Text text -> marked(text);
                case LabelledAnswer.Chat chat -> marked(chat);
            };
        } catch (TokenizerException fault) {
            throw new DataException(answer.prompt().place() + ": " + fault.getMessage(), fault);
        }
    }

    // --- texts

    private Marked marked(LabelledAnswer.Text text) {
        int[] prompt = ids(text.prompt());
        int[] all = closed(prompt, text.answer());
        boolean[] marks = new boolean[all.length];
        Arrays.fill(marks, prompt.length, all.length, true);
        return new Marked(all, marks);
    }

    private int[] ids(Prompt.Text text) {
        int[] prompt = tokenizer.encode(text.text());
        var bos = tokenizer.roles().bos();
        if (bos.isPresent() && tokenizer.roles().addBos().orElse(false)) {
            prompt = prompt.length > 0 && prompt[0] == bos.getAsInt() ? prompt : joined(bos.getAsInt(), prompt);
        }
        if (prompt.length == 0) {
            throw new DataException(text.place() + ": the prompt is empty: nothing stands before the answers");
        }
        return prompt;
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

    // --- messages

    private ChatTokens.Encoder template(Prompt.Chat prompt) {
        if (chats == null) {
            throw new DataException(prompt.place() + ": has messages, and there is no chat template");
        }
        return chats;
    }

    /// The conversation with an answer; the assistant's turns in the prompt are not marked.
    private Marked marked(LabelledAnswer.Chat chat) {
        Prompt.Chat prompt = chat.prompt();
        ChatTokens all = template(prompt)
                .encode(
                        Stream.concat(prompt.messages().stream(), chat.answer().stream())
                                .toList(),
                        prompt.tools());
        int[] before = chats.prompt(prompt.messages(), prompt.tools());
        int same = Arrays.mismatch(before, all.ids());
        boolean[] marks = all.learned().clone();
        Arrays.fill(marks, 0, same < 0 ? before.length : same, false);
        boolean any = false;
        for (boolean mark : marks) {
            any |= mark;
        }
        if (!any) {
            throw new DataException(prompt.place() + ": the chat template marks no token of an answer");
        }
        return new Marked(all.ids(), marks);
    }
}
