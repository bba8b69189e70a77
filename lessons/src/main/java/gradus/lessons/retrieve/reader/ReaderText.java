package gradus.lessons.retrieve.reader;

import java.util.List;

/// How a question with its context is written for the reader that is trained here, in as few tokens as can be:
/// ```text
/// [1] sea dog is a kind of sailor. sea dog is also called mariner.
/// [2] dog fennel is a kind of chamomile.
/// Question: What is sea dog a kind of?
/// Answer: sea dog is a kind of sailor
/// ```
final class ReaderText {
    /// What it answers where no passage does.
    static final String UNKNOWN = "unknown";

    private ReaderText() {}

    static String passages(List<String> passages) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < passages.size(); i++) {
            text.append('[')
                    .append(i + 1)
                    .append("] ")
                    .append(line(passages.get(i)))
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(String text) {
        return text.replaceAll("[\\s\\p{Z}\\x85]+", " ").strip();
    }

    /// What stands before the answer.
    static String question(String question) {
        return "Question: " + line(question) + "\nAnswer:";
    }

    /// The answer as the reader writes it.
    static String answer(String answer) {
        return " " + answer + "\n";
    }
}
