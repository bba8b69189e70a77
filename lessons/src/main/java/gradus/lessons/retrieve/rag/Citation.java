package gradus.lessons.retrieve.rag;

import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import gradus.lessons.retrieve.search.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where an answer comes from.
///
/// @param number  of the passage in the prompt, from 1
/// @param source  the answer's own place where the passage says it word for word, else the passage's
/// @param literal whether it does
public record Citation(int number, Source source, boolean literal) {
    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,9})]");

    /// The citations of an answer: the passages that it names, such as `[2]`; if it names none, those that say
    /// it word for word. Numbers that no passage has are no citations.
    static List<Citation> of(String answer, List<Passage> passages) {
        String plain = without(answer);
        TreeSet<Integer> named = new TreeSet<>();
        Matcher marks = MARK.matcher(answer);
        while (marks.find()) {
            int number = Integer.parseInt(marks.group(1));
            if (number >= 1 && number <= passages.size()) {
                named.add(number);
            }
        }
        List<Citation> citations = new ArrayList<>();
        for (int i = 1; i <= passages.size(); i++) {
            Document document = passages.get(i - 1).document();
            int at = place(plain, document.text());
            if (named.isEmpty() ? at >= 0 : named.contains(i)) {
                citations.add(new Citation(i, source(document, at, plain.length()), at >= 0));
            }
        }
        return citations;
    }

    /// An answer without the numbers of passages.
    static String without(String answer) {
        return MARK.matcher(answer)
                .replaceAll("")
                .replaceAll("\\s+(?=[.,;]|$)", "")
                .strip();
    }

    /// Where the text says it, as whole words; -1 if it does not.
    private static int place(String answer, String text) {
        if (answer.isEmpty()) {
            return -1;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        String wanted = answer.toLowerCase(Locale.ROOT);
        if (lower.length() != text.length()) {
            return -1; // letters that have no single small one: places would differ
        }
        for (int at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + 1)) {
            if (isEdge(lower, at) && isEdge(lower, at + wanted.length())) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isEdge(String text, int at) {
        return at == 0
                || at == text.length()
                || !Character.isLetterOrDigit(text.charAt(at - 1))
                || !Character.isLetterOrDigit(text.charAt(at));
    }

    private static Source source(Document document, int at, int length) {
        Source whole = document.source();
        boolean exact = whole.end() - whole.start() == document.text().length();
        return at < 0 || !exact ? whole : new Source(whole.path(), whole.start() + at, whole.start() + at + length);
    }
}
