package gradus.train.preference;

import gradus.tokenizer.chat.ChatMessage;
import java.util.List;

/// An answer that was found good or bad by itself, beside no other.
public sealed interface LabelledAnswer {

    /// What it answers.
    Prompt prompt();

    /// Whether it is one that people want.
    boolean desirable();

    /// As plain text.
    record Text(Prompt.Text prompt, String answer, boolean desirable) implements LabelledAnswer {}

    /// As messages.
    record Chat(Prompt.Chat prompt, List<ChatMessage> answer, boolean desirable) implements LabelledAnswer {}
}
