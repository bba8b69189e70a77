package gradus.lessons.retrieve.rag;

import gradus.lessons.retrieve.search.Passage;
import java.util.List;

/// What was answered, and from what.
///
/// @param text      the answer as the model wrote it
/// @param citations where it comes from; none if nobody knows
/// @param context   the passages that the model read, by their numbers in the prompt
/// @param prompt    what the model read, in full; empty if it was not asked
public record Answer(String text, List<Citation> citations, List<Passage> context, String prompt) {
    /// The answer where nothing was found; no model is asked then.
    public static final String UNKNOWN = "unknown";

    public Answer {
        citations = List.copyOf(citations);
        context = List.copyOf(context);
    }

    static Answer nothingFound() {
        return new Answer(UNKNOWN, List.of(), List.of(), "");
    }

    /// The answer without the numbers of passages.
    public String plain() {
        return Citation.without(text);
    }

    /// Whether it says that it does not know.
    public boolean isUnknown() {
        return plain().replaceFirst("[.]$", "").equalsIgnoreCase(UNKNOWN);
    }
}
