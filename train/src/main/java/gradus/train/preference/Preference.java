package gradus.train.preference;

import gradus.tokenizer.chat.ChatMessage;
import java.util.List;
import java.util.Map;

/// Two answers to a prompt, of which people chose one.
public sealed interface Preference {

    /// Where it stands, `file:line`, for messages.
    String place();

    /// What both answer.
    Prompt question();

    /// The chosen answer by itself: desirable.
    LabelledAnswer better();

    /// The rejected one by itself: not desirable.
    LabelledAnswer worse();

    /// How much better the chosen one is at least; 0 where nothing is said.
    double margin();

    /// As plain text.
    record Text(String place, String prompt, String chosen, String rejected, double margin) implements Preference {
        @Override
        public Prompt.Text question() {
            return new Prompt.Text(place, prompt);
        }

        @Override
        public LabelledAnswer better() {
            return new LabelledAnswer.Text(question(), chosen, true);
        }

        @Override
        public LabelledAnswer worse() {
            return new LabelledAnswer.Text(question(), rejected, false);
        }
    }

    /// As messages.
    ///
    /// @param tools JSON schemas of the tools that the assistant may call, or null
    record Chat(
            String place,
            List<ChatMessage> prompt,
            List<ChatMessage> chosen,
            List<ChatMessage> rejected,
            List<Map<String, Object>> tools,
            double margin)
            implements Preference {
        @Override
        public Prompt.Chat question() {
            return new Prompt.Chat(place, prompt, tools);
        }

        @Override
        public LabelledAnswer better() {
            return new LabelledAnswer.Chat(question(), chosen, true);
        }

        @Override
        public LabelledAnswer worse() {
            return new LabelledAnswer.Chat(question(), rejected, false);
        }
    }
}
