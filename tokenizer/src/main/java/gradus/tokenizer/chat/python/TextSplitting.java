package gradus.tokenizer.chat.python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// `split`, `rsplit`, `splitlines`, `partition` and `rpartition` of `str`.
public final class TextSplitting {
    private TextSplitting() {}

    static PyList split(String text, String name, Arguments given, Work work) {
        Object[] bound = given.bind(name, 0, "sep", "maxsplit");
        int most = bound[1] == null ? -1 : Numbers.index(bound[1]);
        most = most < 0 ? Integer.MAX_VALUE : most;
        work.chars(text.length());
        boolean fromRight = name.equals("rsplit");
        if (bound[0] == null || bound[0] == None.NONE) {
            return new PyList(fromRight ? wordsFromRight(text, most, work) : words(text, most, work));
        }
        if (!Types.isText(bound[0])) {
            throw new TemplateError("must be str or None, not " + Types.name(bound[0]));
        }
        String separator = Types.text(bound[0]);
        if (separator.isEmpty()) {
            throw new TemplateError("empty separator");
        }
        work.search(text, separator);
        return new PyList(fromRight ? fromRight(text, separator, most, work) : fromLeft(text, separator, most, work));
    }

    private static List<Object> fromLeft(String text, String separator, int most, Work work) {
        var parts = new ArrayList<Object>();
        int done = 0;
        for (int at; parts.size() < most && (at = text.indexOf(separator, done)) >= 0; done = at + separator.length()) {
            add(parts, text.substring(done, at), work);
        }
        add(parts, text.substring(done), work);
        return parts;
    }

    private static List<Object> fromRight(String text, String separator, int most, Work work) {
        var parts = new ArrayList<Object>();
        int end = text.length();
        while (parts.size() < most) {
            int at = text.lastIndexOf(separator, end - separator.length());
            if (at < 0 || end < separator.length()) {
                break;
            }
            add(parts, text.substring(at + separator.length(), end), work);
            end = at;
        }
        add(parts, text.substring(0, end), work);
        Collections.reverse(parts);
        return parts;
    }

    private static List<Object> words(String text, int most, Work work) {
        var parts = new ArrayList<Object>();
        String rest = Characters.stripLeft(text, Characters::isSpace);
        int start = text.length() - rest.length();
        while (start < text.length()) {
            if (parts.size() == most) {
                add(parts, text.substring(start), work);
                return parts;
            }
            int end = start;
            while (end < text.length() && !Characters.isSpace(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
            add(parts, text.substring(start, end), work);
            start = end;
            while (start < text.length() && Characters.isSpace(text.charAt(start))) {
                start++;
            }
        }
        return parts;
    }

    private static List<Object> wordsFromRight(String text, int most, Work work) {
        var parts = new ArrayList<Object>();
        int end = Characters.stripRight(text, Characters::isSpace).length();
        while (end > 0) {
            if (parts.size() == most) {
                add(parts, text.substring(0, end), work);
                break;
            }
            int start = end;
            while (start > 0 && !Characters.isSpace(text.codePointBefore(start))) {
                start -= Character.charCount(text.codePointBefore(start));
            }
            add(parts, text.substring(start, end), work);
            end = start;
            while (end > 0 && Characters.isSpace(text.charAt(end - 1))) {
                end--;
            }
        }
        Collections.reverse(parts);
        return parts;
    }

    private static void add(List<Object> parts, String part, Work work) {
        work.chars(part.length());
        parts.add(part);
        if (parts.size() > work.limits().listSize()) {
            work.newList(parts.size());
        }
    }

    static PyList lines(String text, Arguments given, Work work) {
        Object keep = given.bind("splitlines", 0, "keepends")[0];
        if (keep instanceof Undefined undefined) {
            throw undefined.error();
        }
        return new PyList(TextMethods.list(lines(text, keep != null && Types.truth(keep), work)));
    }

    /// The lines of a text by Python's idea of where a line ends.
    public static List<String> lines(String text, boolean keepEnds, Work work) {
        work.chars(text.length());
        var lines = new ArrayList<String>();
        for (int start = 0; start < text.length(); ) {
            int end = start;
            while (end < text.length() && !Characters.isLineEnd(text.charAt(end))) {
                end++;
            }
            boolean pair = text.startsWith("\r\n", end);
            int next = Math.min(text.length(), end + (pair ? 2 : 1));
            lines.add(text.substring(start, keepEnds ? next : end));
            work.newList(0);
            start = next;
        }
        work.newList(lines.size());
        return lines;
    }

    static PyTuple partition(String text, String name, Arguments given, Work work) {
        String separator = TextMethods.string(given.bind(name, 1, "sep")[0], name);
        if (separator.isEmpty()) {
            throw new TemplateError("empty separator");
        }
        work.search(text, separator);
        boolean fromRight = name.equals("rpartition");
        int at = fromRight ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return fromRight ? PyTuple.of("", "", text) : PyTuple.of(text, "", "");
        }
        return PyTuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
