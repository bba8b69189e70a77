package gradus.lessons.prompt.autocot;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.Outcome;

/// Which questions and rationales make a demonstration: simple ones.
///
/// @param words    the most words of a question
/// @param lines    the most lines of a rationale, blank ones not counted
/// @param nearEnd  whether the answer must stand near the end of the rationale: in its last sentence, or as one
///     of its last ten words; the paper demands it of arithmetic
public record AutoCotRules(int words, int lines, boolean nearEnd) {
    private static final int LAST_WORDS = 10;

    /// @throws gradus.error.ConfigException unless both limits are at least 1
    public AutoCotRules {
        require(words >= 1 && lines >= 1, "words and lines must be at least 1; got %d and %d", words, lines);
    }

    /// 60 words, 5 lines, the answer near the end.
    public static AutoCotRules arithmetic() {
        return new AutoCotRules(60, 5, true);
    }

    /// 60 words, 5 lines.
    public static AutoCotRules general() {
        return new AutoCotRules(60, 5, false);
    }

    /// Whether a question is short enough, before anybody answers it.
    boolean allows(String question) {
        return question.strip().split("\\s+").length <= words;
    }

    /// Whether a chain of thought has an answer, and a rationale that is short enough and ends with a full
    /// stop.
    boolean allows(Outcome chain) {
        String rationale = chain.thoughts().getFirst().text().strip();
        return chain.answer().isPresent()
                && rationale.lines().filter(line -> !line.isBlank()).count() <= lines
                && rationale.endsWith(".")
                && (!nearEnd || isNearEnd(rationale, chain.answer().get()));
    }

    private static boolean isNearEnd(String rationale, String answer) {
        String[] sentences = rationale.split("[.](?=\\s|$)");
        String[] all = rationale.split("\\s+");
        String last = sentences.length == 0 ? "" : sentences[sentences.length - 1];
        for (int i = Math.max(0, all.length - LAST_WORDS); i < all.length; i++) {
            if (all[i].replaceAll("^[^\\p{L}\\p{N}-]+|[^\\p{L}\\p{N}]+$", "")
                    .replace(",", "")
                    .equals(answer)) {
                return true;
            }
        }
        return last.contains(answer);
    }
}
