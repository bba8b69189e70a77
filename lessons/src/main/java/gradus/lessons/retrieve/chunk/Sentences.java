package gradus.lessons.retrieve.chunk;

import java.util.ArrayList;
import java.util.List;

/// Where the sentences of a text are. One ends
///
/// - after `.`, `?` or `!` if a space follows, as in the pattern `(?<=[.?!])\s+`: so after `e.g. ` too;
/// - after `。`, `？` or `！`, which no space follows, with any closing quotes behind them.
public final class Sentences {
    private static final String MARKS = ".?!";
    private static final String FULL_WIDTH_MARKS = "。？！";
    private static final String CLOSING = "”’」』）》】";

    private Sentences() {}

    /// Without the spaces between them.
    public static List<Span> of(String text) {
        List<Span> sentences = new ArrayList<>();
        int from = skipSpaces(text, 0);
        for (int i = from; i < text.length(); i++) {
            if (endsAfter(text, i)) {
                sentences.add(new Span(from, i + 1));
                from = skipSpaces(text, i + 1);
                i = from - 1;
            }
        }
        Span rest = new Span(from, text.length()).trimmed(text);
        if (!rest.isEmpty()) {
            sentences.add(rest);
        }
        return sentences;
    }

    private static int skipSpaces(String text, int from) {
        int i = from;
        while (i < text.length() && Spaces.isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean endsAfter(String text, int i) {
        if (i + 1 == text.length()) {
            return false; // what is left at the end is a sentence in any case
        }
        char here = text.charAt(i);
        char next = text.charAt(i + 1);
        if (MARKS.indexOf(here) >= 0) {
            return Spaces.isSpace(next);
        }
        return isFullWidthEnd(text, i) && FULL_WIDTH_MARKS.indexOf(next) < 0 && CLOSING.indexOf(next) < 0;
    }

    /// Whether a full-width mark stands here, or before closing quotes that end here.
    private static boolean isFullWidthEnd(String text, int i) {
        int mark = i;
        while (mark > 0 && i - mark < CLOSING.length() && CLOSING.indexOf(text.charAt(mark)) >= 0) {
            mark--;
        }
        return FULL_WIDTH_MARKS.indexOf(text.charAt(mark)) >= 0;
    }
}
