package gradus.lessons.retrieve.rag;

import java.util.Locale;

/// Whether an answer is the right one, letter for letter but for case, punctuation, articles and spaces.
/// Rajpurkar et al. 2016, *SQuAD*, arXiv:1606.05250.
public final class ExactMatch {
    private ExactMatch() {}

    /// @param answer without the numbers of passages
    public static boolean of(String answer, String truth) {
        return normal(answer).equals(normal(truth));
    }

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[\\p{P}\\p{S}]", "")
                .replaceAll("\\b(?:a|an|the)\\b", " ")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
